/** One request and the one answer that is right. */
export interface Exchange {
  /** A JSON document, sent by POST. */
  readonly body: string;
  /** The JSON document of the right answer: equal in its bytes, or else in its values. */
  readonly expected: string;
}

/** What the generator is to send, once for all its runs; written to a file, since it is large. */
export interface Target {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly exchanges: readonly Exchange[];
}

export interface Run {
  readonly connections: number;
  /** Requests a second at fixed intervals, however fast the answers come; null sends the next as soon as one is answered. */
  readonly rate: number | null;
  /** Sent before anything is counted. */
  readonly warmUpMs: number;
  readonly measuredMs: number;
  /** How many requests at most; without it, the time alone decides. */
  readonly atMost?: number;
  /** With which exchange to begin; later ones follow in their order, and after the last the first. */
  readonly from?: number;
}

export interface Outcome {
  /** All requests, those of the warm-up included. */
  readonly sent: number;
  /** Within the time that counts. */
  readonly answered: number;
  readonly wrong: number;
  /** The first answer that was not right, for whoever has to find out why. */
  readonly firstWrong: string | null;
  readonly seconds: number;
  readonly perSecond: number;
  /** Milliseconds. In an open loop they count from the moment at which the request was due. */
  readonly latency: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
  /** How much of one core the generator used: near 1, it was the bottleneck. */
  readonly generatorCpu: number;
}
