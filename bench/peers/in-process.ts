import { SERVER_CORE } from '../servers/pinned.js';
import type { Settings } from '../settings.js';
import { STANDARD_SIZE } from '../world/world.js';
import { type AskerReady, ODD_QUESTIONS } from './asker-messages.js';
import { AskerProcess } from './asker-process.js';
import { duel } from './duel.js';
import { type Entry, OURS_IN_PROCESS } from './entries.js';
import type { Found, Note, Row } from './row.js';
import { AskerSide } from './side.js';

const ODD_WITHIN_MS = 120_000;

/** A peer beside `decide`, each in a process of its own and on the same core by turns. */
export async function besideDecide(entry: Entry, settings: Settings): Promise<Found> {
  const theirs = await AskerProcess.start(entry, SERVER_CORE);
  const ours = await AskerProcess.start({ ...entry, key: OURS_IN_PROCESS }, SERVER_CORE);
  try {
    const { name, batch } = theirs.ready;
    const note = await noteOn(theirs, entry);
    const ourSide = new AskerSide(ours, 'single', entry.questions);
    const single = await duel(ourSide, new AskerSide(theirs, 'single', entry.questions), settings);
    const rows: Row[] = [{ peer: name, asked: 'one at a time, beside `decide`', duel: single, remarks: [] }];
    if (batch !== null) {
      const batched = await duel(ourSide, new AskerSide(theirs, 'batch', Math.floor(entry.questions / batch.size)), settings);
      rows.push({ peer: name, asked: `${batch.size} at once, beside \`decide\``, duel: batched, remarks: [] });
    }
    return { rows, note };
  } finally {
    await theirs.close();
    await ours.close();
  }
}

/** Strangers and what there is not are asked about apart from the clock: wrong answers to them are told, not timed. */
export async function noteOn(asker: AskerProcess, { tenants }: Pick<Entry, 'tenants'>): Promise<Note> {
  const { ready } = asker;
  const odd = await asker.run({ way: 'odd', measuredMs: ODD_WITHIN_MS, atMost: ODD_QUESTIONS });
  const answers = odd.wrong === 0 ? 'none wrong' : `**${odd.wrong} wrong**`;
  return { ...pick(ready), setUp: `${setUpOf(tenants, ready.setUpSeconds)}; of ${odd.decisions} answers with strangers and unknown names among them, ${answers}` };
}

export function setUpOf(tenants: number, seconds: number): string {
  return `${tenants.toLocaleString('en')} tenants of ${STANDARD_SIZE.membersPerTenant}, ready after ${seconds.toFixed(1)} s`;
}

function pick({ name, version, differs }: AskerReady): Omit<Note, 'setUp'> {
  return { name, version, differs };
}
