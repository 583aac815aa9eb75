import { FASTN_FILE } from '../places.js';
import { readMatrixFile } from '../world/matrix-file.js';
import { makeWorld } from '../world/world.js';
import { BitSets } from './bit-sets.js';
import { serveJson } from './json-over-http.js';

// `node hand-written.js checks|checkPermissions`: over the standard world, all of it in memory.
const bitSets = new BitSets(makeWorld(readMatrixFile(FASTN_FILE)));
const asked = process.argv[2];
serveJson(asked === 'checks' ? (body) => bitSets.checks(body) : (body) => bitSets.checkPermissions(body));
