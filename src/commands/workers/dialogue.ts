import type { Timer } from '../../domain/clock.js';
import { systemTimer, withDeadline } from '../../http/timer.js';

/** What each question is answered by. */
export type Answers = Readonly<Record<string, () => unknown>>;

type Settle = (answer: Readonly<Record<string, unknown>>) => void;

/** Questions and answers between a worker and the primary, over the channel that node:cluster opens between them. */
export class Dialogue {
  readonly #waiting = new Map<number, Settle>();
  #asked = 0;

  constructor(
    private readonly send: (message: object) => void,
    private readonly answers: Answers,
    private readonly timer: Timer = systemTimer,
  ) {}

  /** Expects no answer. */
  tell(question: string): void {
    this.send({ question });
  }

  /** Rejects where the other side fails to answer, or does not do so in time. */
  async ask(question: string, milliseconds: number): Promise<unknown> {
    const id = ++this.#asked;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => (error === undefined ? resolve(value) : reject(new Error(String(error)))));
    });
    this.send({ question, id });
    try {
      return await withDeadline(answered, milliseconds, this.timer, () => new Error(`no answer to "${question}" within ${milliseconds} ms`));
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** To be handed whatever comes through the channel. */
  hear(message: unknown): void {
    if (typeof message !== 'object' || message === null) return;
    if ('answer' in message) this.#waiting.get(Number(message.answer))?.({ ...message });
    else if ('question' in message) void this.#answer(String(message.question), 'id' in message ? message.id : undefined);
  }

  async #answer(question: string, id: unknown): Promise<void> {
    const outcome = await this.#outcome(question);
    if (id !== undefined) this.send({ answer: id, ...outcome });
  }

  async #outcome(question: string): Promise<object> {
    try {
      return { value: await this.answers[question]?.() };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }
}
