/** Something in the policy folder that an operator has to mend. */
export interface PolicyProblem {
  /** The path of the file, or of the folder where no single file is at fault. */
  readonly file: string;
  /** Counted from 1; 1 where the problem has no place inside the file. */
  readonly line: number;
  readonly reason: string;
}

/** The form that editors and terminals turn into a link: `file:line: reason`. */
export function formatProblem({ file, line, reason }: PolicyProblem): string {
  return `${file}:${line}: ${reason}`;
}

/** The policy cannot be served. Carries every problem that was found; the message has one line for each. */
export class PolicyError extends Error {
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'PolicyError';
    this.problems = problems;
  }
}
