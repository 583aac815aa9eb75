import { z } from 'zod';
import { isIdentifier } from '../../domain/identifier.js';
import type { Log } from '../../storage/log.js';
import type { ChangeListener } from './announcer.js';

/** What an Announcer on another node says, and nothing else: whoever may connect to the database can notify. */
const from = z.string();
const message = z.union([
  z.strictObject({
    from,
    tenantId: z.string().refine(isIdentifier),
    revision: z.string().regex(/^\d{1,18}$/).transform(BigInt),
    /** Whom it touches; null, or nothing from a node of an earlier version, for everybody. */
    users: z.array(z.string()).nullish(),
  }),
  z.strictObject({ from, callers: z.literal(true) }),
]);

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});

const heardMessage = json.pipe(message);

/** Takes what other nodes announce for what it is, a hint, to whoever hears of changes on this one. */
export class HeardChanges {
  constructor(
    private readonly nodeId: string,
    private readonly listener: ChangeListener,
    private readonly catchUp: () => void,
    private readonly log: Log,
  ) {}

  heard(payload: string): void {
    const { data } = heardMessage.safeParse(payload);
    if (data === undefined) {
      this.log.warn({ length: payload.length }, 'A notification of a change could not be read, and was ignored.');
      return;
    }
    // This node told itself when the change was committed.
    if (data.from === this.nodeId) return;
    if ('callers' in data) this.listener.callersChanged();
    else this.listener.tenantChanged({ tenantId: data.tenantId, revision: data.revision, touches: data.users ?? 'everybody' });
  }

  /** Something may have been announced that nobody here heard: the log of changes has it. */
  missed(): void {
    this.catchUp();
  }
}
