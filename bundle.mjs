import { build } from 'rolldown';

/**
 * Puts what tsc has built, and the libraries that it uses, into a few files in dist/gatehouse: to load two thousand small ones takes
 * longer than all else that the gateway does at its start. Left out are native code, what brings files of its own along, and whatever
 * must be one and the same for all who use it, as graphql's classes are for the guard.
 */
await build({
  input: { main: 'dist/src/main.js', 'embedded-worker': 'dist/src/storage/embedded-worker.js' },
  platform: 'node',
  external: [/^graphql(\/|$)/, /^graphql-(middleware|shield)(\/|$)/, /^@node-rs\//, /^@electric-sql\//],
  output: {
    dir: 'dist/gatehouse',
    format: 'esm',
    cleanDir: true,
    // TypeORM and type-graphql go by the names of classes.
    keepNames: true,
    // Beside one another, so that each finds the worker of the embedded database beside itself.
    chunkFileNames: '[name].js',
  },
});
