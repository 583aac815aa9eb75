export interface Settings {
  /** How often the servers that are compared take turns. */
  readonly rounds: number;
  /** How long a turn is measured. */
  readonly seconds: number;
  /** Where gateways leave a CPU profile when they end, if anywhere. */
  readonly profileDir: string | null;
}
