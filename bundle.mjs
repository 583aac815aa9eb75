import { resolve } from 'node:path';
import { build } from 'rolldown';

/** See src/access/graphql-shield.ts: a bundler follows a plain `require` alone. */
const shieldAsCommonJs = {
  name: 'graphql-shield-as-commonjs',
  transform: {
    filter: { id: /src\/access\/graphql-shield\.js$/ },
    handler(code) {
      const call = "createRequire(import.meta.url)('graphql-shield')";
      if (!code.includes(call)) throw new Error(`graphql-shield is no longer loaded by ${call}: mend the bundle, too`);
      return code.replace(call, "require('graphql-shield')");
    },
  },
};

/**
 * Puts what tsc has built, and the libraries that it uses, into a few files in dist/gatehouse: to load two thousand small ones takes
 * longer than all else that the gateway does at its start. Left out are native code and what brings files of its own along. All who
 * use graphql must be in here together: its classes are to be the same for the guard, the compiler and Apollo.
 */
await build({
  input: { main: 'dist/src/main.js', 'embedded-worker': 'dist/src/storage/embedded-worker.js' },
  platform: 'node',
  // See there. By itself it would hash in JavaScript in a bundle, where a CommonJS module has no `module.require`.
  resolve: { alias: { '@apollo/utils.createhash': resolve('dist/src/graphql/document-hash.js') } },
  external: [/^@node-rs\//, /^@electric-sql\//],
  plugins: [shieldAsCommonJs],
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
