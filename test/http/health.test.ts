import { pino } from 'pino';
import { Health } from '../../src/http/health.js';
import { ManualTimers } from './toy-server.js';

function healthWith(check: () => Promise<void>) {
  const clock = { at: 0, now: () => clock.at };
  const timers = new ManualTimers();
  const health = new Health({ log: pino({ level: 'silent' }), clock, timer: timers.timer, timeoutMs: 1000, cacheMs: 2000 });
  health.register('database', check);
  health.markReady();
  return { health, clock, timers };
}

describe('Health', () => {
  it('asks the database once for a thousand probes, and again when the outcome is old', async () => {
    let asked = 0;
    const { health, clock } = healthWith(async () => void (asked += 1));
    await Promise.all(Array.from({ length: 1000 }, () => health.report()));
    clock.at = 1999;
    expect(await health.report()).toMatchObject({ ready: true, checks: { database: 'ok' } });
    expect(asked).toBe(1);
    clock.at = 2000;
    await health.report();
    expect(asked).toBe(2);
  });

  it('takes a check that hangs for failed, and does not start it beside itself', async () => {
    let asked = 0;
    const { health, clock, timers } = healthWith(() => new Promise(() => (asked += 1)));
    for (const at of [0, 5000, 10_000]) {
      clock.at = at;
      const report = health.report();
      timers.elapse(1000);
      expect(await report).toMatchObject({ ready: false, status: 'failing', checks: { database: 'failing' } });
    }
    expect(asked).toBe(1);
  });

  it('is ready again when the check passes again', async () => {
    let works = false;
    const { health, clock } = healthWith(async () => {
      if (!works) throw new Error('down');
    });
    expect((await health.report()).ready).toBe(false);
    works = true;
    clock.at = 2000;
    expect((await health.report()).ready).toBe(true);
  });

  it('takes a check that throws at once for failed', async () => {
    const { health } = healthWith(() => {
      throw new Error('broken');
    });
    expect((await health.report()).ready).toBe(false);
  });

  it('never gets ready once it stops', async () => {
    const { health } = healthWith(async () => undefined);
    health.markStopping();
    health.markReady();
    expect(await health.report()).toMatchObject({ ready: false, status: 'stopping' });
  });
});
