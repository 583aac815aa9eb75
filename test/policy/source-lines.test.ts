import { linesOf, type SourcePlace } from '../../src/policy/source-lines.js';

const TEXT = `# first
a:
  - { x: 1,
      y: [p,
          q], "z\\tz":
        2 }
  -
    x: |
      long
    y: >-

      folded
b: {}
c:
d: !!str
   tagged
e:
  -
  - |
    - not an entry
  # - nor this
  -
  -
`;

const PLACES: readonly [string, SourcePlace, number][] = [
  ['the document begins at its first key', { path: [] }, 2],
  ['a list stands where its key does', { path: ['a'] }, 2],
  ['a value in a flow mapping', { path: ['a', 0, 'x'] }, 3],
  ['a flow list inside a flow mapping', { path: ['a', 0, 'y'] }, 4],
  ['an entry of a flow list that goes over several lines', { path: ['a', 0, 'y', 1] }, 5],
  ['a value that stands on the line after its key', { path: ['a', 0, 'z\tz'] }, 6],
  ['the key of such a value', { path: ['a', 0, 'z\tz'], atKey: true }, 5],
  ['an entry that begins after its dash', { path: ['a', 1] }, 8],
  ['block text stands where its key does', { path: ['a', 1, 'x'] }, 8],
  ['folded text stands where its key does', { path: ['a', 1, 'y'] }, 10],
  ['an empty mapping', { path: ['b'] }, 13],
  ['a value that is left out stands where its key does', { path: ['c'] }, 14],
  ['a tagged value', { path: ['d'] }, 16],
  ['an empty first entry stands at its dash', { path: ['e', 0] }, 18],
  ['an empty entry further down stands at its dash', { path: ['e', 2] }, 22],
  ['an empty entry after an empty entry', { path: ['e', 3] }, 23],
  ['a missing field gets the line of its mapping', { path: ['a', 1, 'absent'] }, 8],
  ['an index beyond the list gets the line of the list', { path: ['a', 7, 'x'] }, 2],
  ['a missing field at the top gets the first line of content', { path: ['absent'] }, 2],
];

it.each(PLACES)('%s', (_name, place, line) => {
  expect(linesOf(TEXT, [place])).toEqual([line]);
});

it('answers for many places in the order in which they were asked', () => {
  const places = PLACES.map(([, place]) => place).toReversed();
  expect(linesOf(TEXT, places)).toEqual(PLACES.map(([, , line]) => line).toReversed());
});

it('counts Windows line ends alike', () => {
  const places = PLACES.map(([, place]) => place);
  expect(linesOf(TEXT.replaceAll('\n', '\r\n'), places)).toEqual(PLACES.map(([, , line]) => line));
});
