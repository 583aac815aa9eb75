import { faultOf } from '../../bench/load/answer-check.js';

const RIGHT = '{"data":{"check":{"allowed":false,"reason":"NOT_GRANTED"}}}';
const exchange = { body: '{"query":"{ check }"}', expected: RIGHT };
const fault = (status: number, body: string): string | null => faultOf(exchange, Buffer.from(RIGHT), status, Buffer.from(body));

describe('an answer to the load generator', () => {
  it.each([
    ['the same bytes', RIGHT],
    ['the same bytes and a line\'s end', `${RIGHT}\n`],
    ['the same values in another order', '{ "data": { "check": { "reason": "NOT_GRANTED", "allowed": false } } }'],
  ])('is right where it has %s', (_what, body) => {
    expect(fault(200, body)).toBeNull();
  });

  it.each([
    ['allows what is refused', 200, RIGHT.replace('false', 'true')],
    ['gives another reason', 200, RIGHT.replace('NOT_GRANTED', 'NO_MEMBERSHIP')],
    ['has errors beside its data', 200, `{"errors":[],${RIGHT.slice(1)}`],
    ['has more after it', 200, `${RIGHT}}`],
    ['is cut short', 200, RIGHT.slice(0, -1)],
    ['has another status', 503, RIGHT],
    ['is not JSON', 200, 'the server closed the connection'],
  ])('is wrong where it %s', (_what, status, body) => {
    expect(fault(status, body)).toContain(`expected ${RIGHT}`);
  });
});
