import { connect } from 'node:net';
import { ManualTimers, exchange, rawPost, startToy } from './toy-server.js';

describe('before the gateway is ready', () => {
  it('is alive, is not ready, and says so', async () => {
    const toy = await startToy({ ready: false });
    expect((await toy.get('/livez')).status).toBe(200);
    const ready = await toy.get('/readyz');
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.text)).toEqual({ status: 'starting', message: 'The gateway is still starting.', checks: {} });
  });

  it('refuses GraphQL as unavailable', async () => {
    const toy = await startToy({ ready: false });
    const answer = await toy.ask('{ hello }');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.json.errors?.[0]).toMatchObject({
      message: 'The gateway is still starting; try again shortly.',
      extensions: { code: 'UNAVAILABLE' },
    });
  });
});

describe('readiness', () => {
  it('turns red where a check fails, without saying why to strangers', async () => {
    const toy = await startToy({ checks: { database: () => Promise.reject(new Error('password=hunter2')) } });
    const answer = await toy.get('/readyz');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 'failing', checks: { database: 'failing' } });
    expect(answer.text).not.toContain('hunter2');
    expect(toy.log.join('')).toContain('hunter2');
  });
});

describe('the time to answer', () => {
  it('gives up on a request that takes too long, and serves the next', async () => {
    const timers = new ManualTimers();
    const toy = await startToy({ timer: timers.timer, limits: { answerMs: 5000 } });
    const slow = toy.ask('{ gate }');
    await toy.gate.entered;
    timers.elapse(5000);
    const answer = await slow;
    expect(answer.status).toBe(503);
    expect(answer.json.errors?.[0]).toMatchObject({ message: expect.stringContaining('took too long'), extensions: { code: 'UNAVAILABLE' } });
    toy.gate.open();
    expect((await toy.ask('{ hello }')).status).toBe(200);
  });

  it('leaves no timer behind', async () => {
    const timers = new ManualTimers();
    const toy = await startToy({ timer: timers.timer });
    await toy.ask('{ hello }');
    await toy.ask('{ unknown }');
    expect(timers.waiting).toEqual([]);
  });
});

describe('stopping', () => {
  it('finishes what is in flight, refuses what is new, and then stops Apollo', async () => {
    const toy = await startToy();
    const slow = toy.ask('{ gate }');
    await toy.gate.entered;
    const closing = toy.server.close();
    await expect(fetch(`${toy.url}/livez`)).rejects.toThrow('fetch failed');
    toy.gate.open();
    const answer = await slow;
    expect(answer.json).toEqual({ data: { gate: 'passed' } });
    expect(answer.headers.get('connection')).toBe('close');
    await closing;
    const late = await toy.apollo.executeOperation({ query: '{ hello }' }).catch((error: unknown) => error);
    expect(late).toMatchObject({ message: expect.stringContaining('Cannot execute GraphQL operations') });
  });

  it('closes idle connections at once', async () => {
    const toy = await startToy();
    const { hostname, port } = new URL(toy.url);
    const socket = connect({ host: hostname, port: Number(port) });
    const closed = new Promise<string>((resolve) => socket.on('close', () => resolve('closed')));
    const answered = new Promise((resolve) => socket.once('data', resolve));
    socket.write(rawPost('{ hello }', ['Content-Type: application/json']));
    await answered;
    await toy.server.close();
    expect(await closed).toBe('closed');
    expect(toy.server.url).toBeNull();
  });

  it('refuses a request that comes on an open connection while it stops', async () => {
    const toy = await startToy();
    const first = rawPost('{ gate }', ['Content-Type: application/json']);
    const { hostname, port } = new URL(toy.url);
    const socket = connect({ host: hostname, port: Number(port) });
    let received = '';
    socket.on('data', (bytes: Buffer) => (received += bytes.toString()));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(first);
    await toy.gate.entered;
    const closing = toy.server.close();
    socket.write(rawPost('{ echo(text: "late") }', ['Content-Type: application/json']));
    toy.gate.open();
    await Promise.all([closing, closed]);
    expect(received).toContain('passed');
    expect(received).not.toContain('late');
  });

  it('refuses a request that was begun before and is completed while it stops', async () => {
    const toy = await startToy();
    const { hostname, port } = new URL(toy.url);
    const socket = connect({ host: hostname, port: Number(port) });
    const next = (): Promise<string> => new Promise((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())));
    const whole = rawPost('{ echo(text: "late") }', ['Content-Type: application/json']);
    const slow = toy.ask('{ gate }');
    await toy.gate.entered;
    socket.write(whole + whole.slice(0, 30));
    expect(await next()).toContain('late');
    const closing = toy.server.close();
    socket.write(whole.slice(30));
    const refused = await next();
    expect(refused).toMatch(/^HTTP\/1\.1 503 /);
    expect(refused).toContain('The gateway is stopping; try again.');
    toy.gate.open();
    await Promise.all([slow, closing]);
  });

  it('cuts off what is not answered in time', async () => {
    const timers = new ManualTimers();
    const toy = await startToy({ timer: timers.timer, limits: { stopMs: 7000 } });
    const slow = toy.ask('{ gate }').then(
      () => 'answered',
      (error: unknown) => String(error),
    );
    await toy.gate.entered;
    const closing = toy.server.close();
    timers.elapse(7000);
    await closing;
    expect(await slow).toBe('TypeError: fetch failed');
    expect(toy.log.join('')).toContain('cut off');
  });

  it('stops once, however often it is asked to', async () => {
    const toy = await startToy();
    await Promise.all([toy.server.close(), toy.server.close()]);
    await toy.server.close();
    await expect(exchange(toy.url, 'x')).rejects.toThrow('ECONNREFUSED');
  });

  it('says why it cannot listen', async () => {
    const toy = await startToy();
    await expect(startToy({ port: Number(new URL(toy.url).port) })).rejects.toThrow('EADDRINUSE');
  });
});
