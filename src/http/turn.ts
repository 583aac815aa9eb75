/**
 * The requests that come in within one turn of the event loop, answered together at its end: all of them are worked on, one right
 * after another, and then all answers that are ready go out. Interleaved with parsing and sending, the same work was measured to take
 * up to half as long again; and whoever reads the answers on this machine, a proxy for example, is woken once for all of them.
 */
export class Turn {
  #arrived: (() => void)[] = [];
  #answered: (() => void)[] = [];
  #isEnding = false;

  /** Has `work` begin at the end of the turn. Neither this nor `send` may throw: it would take the others of its turn along. */
  onArrival(work: () => void): void {
    this.#arrived.push(work);
    this.#endOnce();
  }

  /** Has `send` run once the turn's work has begun: at the end of the turn in which it is done, for work that waits. */
  onAnswer(send: () => void): void {
    this.#answered.push(send);
    this.#endOnce();
  }

  #endOnce(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    setImmediate(this.#end);
  }

  readonly #end = (): void => {
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const work of arrived) work();
    const answered = this.#answered;
    this.#answered = [];
    this.#isEnding = false;
    for (const send of answered) send();
  };
}
