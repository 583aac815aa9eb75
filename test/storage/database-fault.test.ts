import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { AppError, forbidden } from '../../src/errors.js';
import { asAppError, isDatabaseFault, isForeignKeyViolation, isUniqueViolation } from '../../src/storage/database-fault.js';
import { DatabaseUnreachable } from '../../src/storage/database-refusal.js';

const coded = (code: string, rest: object = {}) => Object.assign(new Error('from the server'), { code, ...rest });
const failed = (error: Error) => new QueryFailedError('SELECT secret', ['secret'], error);

describe('an error of the database', () => {
  it.each([
    ['connection refused', coded('ECONNREFUSED')],
    ['connection cut while writing', failed(coded('EPIPE'))],
    ['host unknown', coded('ENOTFOUND')],
    ['no unix socket', coded('ENOENT', { syscall: 'connect' })],
    ['statement timeout', failed(coded('57014'))],
    ['shutdown by an administrator', failed(coded('57P01'))],
    ['still starting', failed(coded('57P03'))],
    ['too many connections', failed(coded('53300'))],
    ['disk full', failed(coded('53100'))],
    ['connection failure', failed(coded('08006'))],
    ['idle in transaction', failed(coded('25P03'))],
    ['connection lost', failed(new Error('Connection terminated unexpectedly'))],
    ['pool exhausted', new Error('timeout exceeded when trying to connect')],
    ['no answer', failed(new Error('Query read timeout'))],
    ['broken session', new QueryRunnerAlreadyReleasedError()],
    ['unreachable at start', new DatabaseUnreachable('x')],
  ])('is UNAVAILABLE, and shows nothing of itself: %s', (_case, error) => {
    const shown = asAppError(error) as AppError;
    expect(shown).toBeInstanceOf(AppError);
    expect(shown.code).toBe('UNAVAILABLE');
    expect(shown.message).not.toMatch(/secret|server|SELECT/);
    expect(shown.cause).toBe(error);
  });

  it.each([['40001'], ['40P01'], ['55P03']])('is a CONFLICT where others were in the way: %s', (state) => {
    expect(asAppError(failed(coded(state)))).toMatchObject({ code: 'CONFLICT' });
  });

  it.each([
    ['unique violation', failed(coded('23505'))],
    ['syntax error', failed(coded('42601'))],
    ['division by zero', failed(coded('22012'))],
    ['a file that is not there', coded('ENOENT', { syscall: 'open' })],
    ['a bug', new TypeError('x is not a function')],
    ['a refusal', forbidden()],
    ['no error at all', 'thrown text'],
    ['nothing', undefined],
  ])('comes back as it is where it is no fault of the database: %s', (_case, error) => {
    expect(asAppError(error)).toBe(error);
    expect(isDatabaseFault(error)).toBe(false);
  });

  it('is known as the violation of one constraint', () => {
    const unique = failed(coded('23505', { constraint: 'users_email' }));
    expect([isUniqueViolation(unique), isUniqueViolation(unique, 'users_email'), isUniqueViolation(unique, 'other')]).toEqual([true, true, false]);
    const foreign = coded('23503', { constraint: 'members_user' });
    expect([isForeignKeyViolation(foreign, 'members_user'), isForeignKeyViolation(unique), isUniqueViolation(foreign)]).toEqual([true, false, false]);
  });
});
