import { v7 as uuidv7 } from 'uuid';
import { passesForAnother } from '../../access/principal.js';
import { badInput } from '../../errors.js';
import { optionalIdentifier } from '../input.js';

/** The id that was asked for, or one of our own. Throws BAD_USER_INPUT for one that the audit log has for somebody else. */
export function newUserId(field: string, asked: string | null): string {
  const id = optionalIdentifier(field, asked) ?? uuidv7();
  if (passesForAnother(id)) throw badInput(field, `${field} would pass for an API key or the gateway itself in the audit log: choose another.`);
  return id;
}
