import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { KEEP_ALIVE_MS, STALLED_MS } from '../../src/http/event-stream.js';
import { HTTP_LIMITS } from '../../src/http/server.js';
import { startToyStreams, type ToyStreams, type ToyStreamsOptions, ToySource } from './toy-streams.js';

/** Real milliseconds: a bound for what does come, not for how fast. */
const PATIENCE_MS = 20_000;
const EVENT_BYTES = 16 * 1024;
/** What the two ends of a connection may hold between them in the kernel, and then some. */
const KERNEL_BYTES = 32 * 1024 * 1024;

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('it never came to that');
    await turn();
  }
}

/** All that has been read from a connection so far. */
class Reading {
  text = '';
  isClosed = false;

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk: string) => (this.text += chunk));
    socket.on('close', () => (this.isClosed = true));
  }

  contains(text: string, times = 1): Promise<void> {
    return until(() => this.text.split(text).length > times);
  }
}

let streams: ToyStreams;
async function start(options: ToyStreamsOptions): Promise<void> {
  streams = await startToyStreams(options);
}
afterEach(() => streams.server.close());
const openStreams = () => streams.metric('gatehouse_open_streams');

describe('a stream of events', () => {
  it('is kept alive by comments while nothing happens', async () => {
    await start({ open: () => new ToySource() });
    const reading = new Reading(streams.subscribe());
    await reading.contains(':\n\n');
    for (let comments = 2; comments <= 4; comments += 1) {
      await until(() => streams.streamTimers.waiting.includes(KEEP_ALIVE_MS));
      streams.streamTimers.elapse(KEEP_ALIVE_MS);
      await reading.contains(':\n\n', comments);
    }
    expect(reading.text).not.toContain('event:');
  });

  it('outlasts the time that an answer may take, and leaves no timer behind', async () => {
    const source = new ToySource();
    await start({ open: () => source });
    const reading = new Reading(streams.subscribe());
    await reading.contains(':\n\n');
    expect(streams.timers.waiting).toEqual([]);
    streams.timers.elapse(HTTP_LIMITS.answerMs);
    source.give({ text: 'late' });
    await reading.contains('late');
    reading.socket.destroy();
    await until(async () => (await openStreams()) === 0);
    expect(streams.streamTimers.waiting).toEqual([]);
  });

  it('ends its source once the client leaves', async () => {
    const source = new ToySource();
    await start({ open: () => source });
    const reading = new Reading(streams.subscribe());
    await reading.contains(':\n\n');
    expect([await openStreams(), source.isEnded]).toEqual([1, false]);
    reading.socket.destroy();
    await until(() => source.isEnded);
    await until(async () => (await openStreams()) === 0);
  });

  it('tells nothing where nothing happened', async () => {
    const source = new ToySource();
    await start({ open: () => source });
    const reading = new Reading(streams.subscribe());
    source.give(null, { text: 'one' }, null, null, { text: 'two' });
    await reading.contains('two');
    expect(reading.text.match(/event: next/g)).toHaveLength(2);
    expect(source.taken).toBe(5);
  });

  it('takes nothing more from its source for a client that does not read, and cuts it off after a while', async () => {
    const source = new ToySource({ text: 'x'.repeat(EVENT_BYTES) });
    await start({ open: () => source });
    const socket = streams.subscribe();
    await until(() => streams.streamTimers.waiting.includes(STALLED_MS));
    const { taken } = source;
    expect(taken * EVENT_BYTES).toBeLessThan(KERNEL_BYTES);
    for (let turns = 0; turns < 100; turns += 1) await turn();
    expect(source.taken).toBe(taken);
    streams.streamTimers.elapse(STALLED_MS);
    await until(async () => (await openStreams()) === 0);
    expect([source.isEnded, streams.streamTimers.waiting]).toEqual([true, []]);
    socket.destroy();
  });

  it('goes on for a client that was slow and reads again', async () => {
    const source = new ToySource({ text: 'x'.repeat(EVENT_BYTES) });
    await start({ open: () => source });
    const socket = streams.subscribe();
    await until(() => streams.streamTimers.waiting.includes(STALLED_MS));
    const { taken } = source;
    socket.resume();
    await until(() => source.taken > taken + 100);
    expect(await openStreams()).toBe(1);
    socket.destroy();
  });

  it('that takes too long to begin is refused, and its source is ended should it open after all', async () => {
    const source = new ToySource();
    let open: (source: ToySource) => void = () => undefined;
    const opening = new Promise<ToySource>((resolve) => {
      open = resolve;
    });
    await start({ open: () => opening });
    const reading = new Reading(streams.subscribe());
    await until(() => streams.timers.waiting.length > 0);
    // One of the two waits is for the document, which takes no time.
    await until(() => {
      streams.timers.elapse(HTTP_LIMITS.answerMs);
      return reading.text.includes('503');
    });
    open(source);
    await until(() => source.isEnded);
    expect(reading.text).toContain('UNAVAILABLE');
    reading.socket.destroy();
  });

  it('whose client left while it was opened is not opened', async () => {
    const source = new ToySource();
    let open: (source: ToySource) => void = () => undefined;
    let isAsked = false;
    const opening = new Promise<ToySource>((resolve) => {
      open = resolve;
    });
    await start({
      open: () => {
        isAsked = true;
        return opening;
      },
    });
    const socket = streams.subscribe();
    await until(() => isAsked);
    socket.destroy();
    await until(async () => (await streams.metric('http_requests_total{route="graphql",status="aborted"}')) === 1);
    open(source);
    await until(() => source.isEnded);
    expect(await openStreams()).toBe(0);
  });

  it('counts as one request, and not in how long requests take', async () => {
    await start({ open: () => new ToySource() });
    const reading = new Reading(streams.subscribe());
    await reading.contains(':\n\n');
    reading.socket.destroy();
    await until(async () => (await streams.metric('http_requests_total{route="graphql",status="2xx"}')) === 1);
    expect(await streams.metric('http_request_duration_seconds_count{route="graphql",status="2xx"}')).toBeNull();
  });

  it('is refused where the node has too many, and not any more once one has ended', async () => {
    await start({ open: () => new ToySource(), limits: { streams: 2 } });
    const readings = [new Reading(streams.subscribe()), new Reading(streams.subscribe())];
    await until(async () => (await openStreams()) === 2);
    const refused = new Reading(streams.subscribe());
    await refused.contains('LIMIT_EXCEEDED');
    expect(refused.text).toMatch(/^HTTP\/1\.1 400 /);
    readings[0]!.socket.destroy();
    await until(async () => (await openStreams()) === 1);
    const again = new Reading(streams.subscribe());
    await again.contains('text/event-stream');
    for (const { socket } of [...readings, refused, again]) socket.destroy();
  });
});

describe('a server that stops', () => {
  it('ends its streams at once, with complete', async () => {
    const sources: ToySource[] = [];
    await start({ open: () => sources[sources.push(new ToySource()) - 1]! });
    const readings = [new Reading(streams.subscribe()), new Reading(streams.subscribe())];
    await Promise.all(readings.map((reading) => reading.contains(':\n\n')));
    await streams.server.close();
    await until(() => readings.every((reading) => reading.isClosed));
    for (const { text } of readings) expect(text).toMatch(/event: complete\ndata: \n\n\r\n0\r\n\r\n$/);
    expect(sources.map((source) => source.isEnded)).toEqual([true, true]);
    expect([streams.timers.waiting, streams.streamTimers.waiting]).toEqual([[], []]);
  });

  it('does not wait for a client that does not read', async () => {
    const source = new ToySource({ text: 'x'.repeat(EVENT_BYTES) });
    await start({ open: () => source });
    const socket = streams.subscribe();
    await until(() => streams.streamTimers.waiting.includes(STALLED_MS));
    await streams.server.close();
    expect(source.isEnded).toBe(true);
    socket.resume();
    await once(socket, 'close');
  });
});
