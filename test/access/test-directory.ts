import type { CallerDirectory, CallerKey, CallerSignIn, CallerUser } from '../../src/access/caller-directory.js';

export class TestDirectory implements CallerDirectory {
  readonly users = new Map<string, CallerUser>();
  readonly signIns = new Map<string, CallerSignIn>();
  readonly apiKeys = new Map<string, CallerKey>();
  /** Raised instead of any answer. */
  fault: Error | null = null;

  async findUser(userId: string): Promise<CallerUser | null> {
    return this.find(this.users, userId);
  }

  async findSignIn(signInId: string): Promise<CallerSignIn | null> {
    return this.find(this.signIns, signInId);
  }

  async findApiKey(id: string): Promise<CallerKey | null> {
    return this.find(this.apiKeys, id);
  }

  private find<T>(rows: Map<string, T>, id: string): T | null {
    if (this.fault !== null) throw this.fault;
    return rows.get(id) ?? null;
  }
}
