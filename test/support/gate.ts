/** A promise and what resolves it, for tests that decide who goes first. */
export class Gate {
  open: () => void = () => undefined;
  readonly passed: Promise<void>;

  constructor() {
    this.passed = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}
