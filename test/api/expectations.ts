/** What no client may ever read: traces of the stack, of SQL, of the driver or of where the gateway runs. */
const INTERNALS =
  /node_modules|\.(?:js|ts):\d|\n\s*at |\\n\s*at |\b(?:SELECT|INSERT INTO|DELETE FROM|UPDATE \w+ SET|FROM "?\w+"? WHERE)\b|typeorm|QueryFailed|invalid byte sequence|violates|\/dist\/|\/src\/|stacktrace/i;

export function expectNoInternals(text: string): void {
  expect(text).not.toMatch(INTERNALS);
}
