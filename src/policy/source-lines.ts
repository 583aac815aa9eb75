import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';
import type { Path } from './finding.js';

/** A place in a document: the value at the path, or the mapping key in front of it. */
export interface SourcePlace {
  readonly path: Path;
  readonly atKey?: boolean;
}

/** The places asked for, as a tree, so that one walk over the document finds them all. */
interface Wanted {
  readonly children: Map<string | number, Wanted>;
  /** Where the mapping key begins that leads here. */
  keyOffset?: number;
  /** Where the value begins; for a collection or block text under a mapping key, the key stands for it. */
  offset?: number;
}

interface OpenCollection {
  readonly wanted: Wanted | undefined;
  readonly isMapping: boolean;
  readonly start: number;
  /** The next index of a list. */
  index: number;
  /** The entry of a mapping whose key has been read, while its value has not. */
  entry: Wanted | undefined;
  awaitsValue: boolean;
}

/**
 * The line, counted from 1, of each place. Parses the text anew: only a document that has a problem pays for positions.
 * A place that does not exist gets the line of the nearest one around it. The text must be valid YAML.
 */
export function linesOf(text: string, places: readonly SourcePlace[]): number[] {
  const root: Wanted = { children: new Map() };
  for (const { path } of places) want(root, path);
  walk(text, root);
  return lineNumbers(text, places.map((place) => offsetOf(root, place)));
}

/** The line, counted from 1, of an offset in the text. */
export function lineAt(text: string, offset: number): number {
  return lineNumbers(text, [offset])[0]!;
}

function want(root: Wanted, path: Path): void {
  let node = root;
  for (const segment of path) {
    let child = node.children.get(segment);
    if (child === undefined) node.children.set(segment, (child = { children: new Map() }));
    node = child;
  }
}

function offsetOf(root: Wanted, { path, atKey }: SourcePlace): number {
  let node = root;
  let found = root.offset ?? 0;
  for (const segment of path) {
    node = node.children.get(segment)!;
    if (node.offset === undefined) return found;
    found = node.offset;
  }
  return atKey === true ? (node.keyOffset ?? found) : found;
}

function walk(text: string, root: Wanted): void {
  const open: OpenCollection[] = [];
  let reached = 0;
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.DOCUMENT) continue;
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    const parent = open.at(-1);
    const start = startOf(event) ?? (parent?.isMapping === false ? dashOf(text, parent.start, reached) : undefined);
    const wanted = enter(text, event, start, parent, root);
    reached = Math.max(reached, start ?? 0, event.type === EVENT_ID.SCALAR ? event.valueEnd : 0);
    if (event.type !== EVENT_ID.MAPPING && event.type !== EVENT_ID.SEQUENCE) continue;
    const isMapping = event.type === EVENT_ID.MAPPING;
    open.push({ wanted, isMapping, start: event.start, index: 0, entry: undefined, awaitsValue: false });
  }
}

/** Takes note of a node's key or value, and says which wanted place it is, if any. */
function enter(
  text: string,
  event: Event,
  start: number | undefined,
  parent: OpenCollection | undefined,
  root: Wanted,
): Wanted | undefined {
  if (parent === undefined) return arrive(root, event, start);
  if (!parent.isMapping) return arrive(parent.wanted?.children.get(parent.index++), event, start);
  parent.awaitsValue = !parent.awaitsValue;
  if (!parent.awaitsValue) return arrive(parent.entry, event, start);
  const isKey = parent.wanted !== undefined && event.type === EVENT_ID.SCALAR;
  parent.entry = isKey ? parent.wanted?.children.get(getScalarValue(text, event)) : undefined;
  if (parent.entry !== undefined) parent.entry.keyOffset = start;
  return undefined;
}

function arrive(wanted: Wanted | undefined, event: Event, start: number | undefined): Wanted | undefined {
  if (wanted === undefined) return undefined;
  const inLine = event.type === EVENT_ID.SCALAR && event.style <= SCALAR_STYLE.DOUBLE_QUOTED;
  wanted.offset = inLine ? (start ?? wanted.keyOffset) : (wanted.keyOffset ?? start);
  return wanted;
}

/** Undefined for a value that is left out: the parser gives it no place. */
function startOf(event: Event): number | undefined {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart === -1 ? undefined : event.valueStart;
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE ? event.start : undefined;
}

/** The dash of a list's empty entry: the list's first, or the next in the same column behind what has been read so far. */
function dashOf(text: string, listStart: number, reached: number): number {
  if (reached <= listStart) return listStart;
  const column = listStart - text.lastIndexOf('\n', listStart) - 1;
  const dash = new RegExp(`(?<=\\n {${column}})-(?=\\s|$)`, 'g');
  dash.lastIndex = reached + 1;
  return dash.exec(text)?.index ?? listStart;
}

function lineNumbers(text: string, offsets: readonly number[]): number[] {
  const ascending = [...new Set(offsets)].sort((a, b) => a - b);
  const lines = new Map<number, number>();
  const breaks = /\r\n?|\n/g;
  let line = 1;
  let nextLine = breaks.exec(text) === null ? Infinity : breaks.lastIndex;
  for (const offset of ascending) {
    while (nextLine <= offset) {
      line++;
      nextLine = breaks.exec(text) === null ? Infinity : breaks.lastIndex;
    }
    lines.set(offset, line);
  }
  return offsets.map((offset) => lines.get(offset)!);
}
