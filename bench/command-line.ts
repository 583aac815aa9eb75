import { parseArgs } from 'node:util';
import type { Scenario } from './scenarios/scenario.js';
import type { Settings } from './settings.js';

export interface Command {
  readonly scenarios: readonly Scenario[];
  readonly settings: Settings;
  /** Where the figures go as JSON, if anywhere. */
  readonly json: string | null;
}

/** Throws, with a sentence, where the arguments name what there is not. */
export function readCommand(args: readonly string[], all: readonly Scenario[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '5' }, json: { type: 'string' }, 'cpu-prof': { type: 'string' } },
  });
  const unknown = positionals.filter((name) => all.every((scenario) => scenario.name !== name));
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}.`);
  return {
    scenarios: all.filter(({ name, onlyNamed }) => (positionals.length === 0 ? !onlyNamed : positionals.includes(name))),
    settings: { rounds: positive('rounds', values.rounds), seconds: positive('seconds', values.seconds), profileDir: values['cpu-prof'] ?? null },
    json: values.json ?? null,
  };
}

export function positive(option: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`--${option} must be a whole number from 1 to 9999.`);
  return Number(text);
}
