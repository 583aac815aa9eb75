import { constructFromEvents, CORE_SCHEMA, defineMappingTag, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import { lineAt } from './source-lines.js';

/** Far deeper than any policy file nests, and shallow enough that absurd nesting ends early. */
const MAX_DEPTH = 32;

const ALIAS_REASON = 'an unquoted "*" begins a YAML alias, which a policy file may not use; put a wildcard in quotes, as in "*"';

export type YamlReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly reason: string };

/** Mappings become plain objects, so a key has to be the text that the file shows, and only once. */
const textKeyedMap = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  create: () => ({}),
  addPair: (mapping, key, value) => {
    if (typeof key !== 'string') return `a mapping's key must be text, but is ${describeKey(key)}`;
    if (key === '__proto__') return 'the key "__proto__" is not allowed';
    if (Object.hasOwn(mapping, key)) return `the key "${key}" appears twice in one mapping`;
    mapping[key] = value;
    return '';
  },
  // Repeated keys are left to addPair, which can name them.
  has: () => false,
  keys: (mapping) => Object.keys(mapping),
  get: (mapping, key) => (typeof key === 'string' ? mapping[key] : undefined),
  identify: () => false,
});

const SCHEMA = CORE_SCHEMA.withTags(textKeyedMap);

function describeKey(key: unknown): string {
  if (key === null) return 'empty or null; put it in quotes';
  return typeof key === 'number' || typeof key === 'boolean' ? `the ${typeof key} ${key}; put it in quotes` : 'a list or mapping';
}

/**
 * Parses YAML 1.2, of which JSON is a part: one document, whose mapping keys are text and unique, and no aliases (with
 * them a small file can stand for an endless one, and an unquoted wildcard reads as one). Lines count from 1.
 */
export function readYaml(text: string): YamlReading {
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH });
    const second = lineOfSecondDocument(text, events);
    if (second !== null) return { ok: false, line: second, reason: 'a second document begins here; a policy file holds one' };
    const [value] = constructFromEvents(events, { source: text, schema: SCHEMA, maxAliases: 0 });
    return value == null ? { ok: false, line: 1, reason: 'the file is empty' } : { ok: true, value };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { ok: false, line: (error.mark?.line ?? 0) + 1, reason: explain(error, text) };
  }
}

/** Only the marker between the documents has a place in the text, and it stands behind everything in the first. */
function lineOfSecondDocument(text: string, events: readonly Event[]): number | null {
  const begins = events.findIndex((event, i) => i > 0 && event.type === EVENT_ID.DOCUMENT);
  if (begins === -1) return null;
  let end = 0;
  for (const event of events.slice(0, begins)) if ('valueEnd' in event && event.valueEnd > end) end = event.valueEnd;
  const marker = /^(?:---|\.\.\.)(?=\s|$)/m.exec(text.slice(end));
  return lineAt(text, end + (marker?.index ?? 0));
}

/** Puts into words what the parser says in a way that misleads. */
function explain({ reason, mark }: YAMLException, text: string): string {
  if (/^(?:aliases exceeded|alias node|name of an alias)/.test(reason)) return ALIAS_REASON;
  const found = mark === undefined ? '' : text.charAt(mark.position);
  return found === '@' || found === '`' ? `a value that begins with "${found}" has to be in quotes` : reason;
}
