import { serveConstant } from './json-over-http.js';

// `node bare.js BODY`: the floor that HTTP in Node costs, whatever is answered.
serveConstant(process.argv[2]!);
