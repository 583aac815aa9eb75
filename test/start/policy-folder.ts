import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../support/gateway.js';
import { temporaryFolder } from './command.js';

/** A copy of the policy that ships, to be edited. */
export class PolicyFolder {
  private constructor(
    readonly path: string,
    readonly remove: () => Promise<void>,
  ) {}

  static async copy(): Promise<PolicyFolder> {
    const { path, remove } = await temporaryFolder();
    await cp(join(ROOT, 'policy'), path, { recursive: true });
    return new PolicyFolder(path, remove);
  }

  /** Replaces each text by another one; each must be there. */
  async edit(file: string, ...replacements: readonly (readonly [string, string])[]): Promise<void> {
    const path = join(this.path, file);
    let text = await readFile(path, 'utf8');
    for (const [from, to] of replacements) {
      if (!text.includes(from)) throw new Error(`${file} lacks ${JSON.stringify(from)}`);
      text = text.replace(from, to);
    }
    await writeFile(path, text);
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.path, file), text);
  }

  drop(file: string): Promise<void> {
    return rm(join(this.path, file));
  }
}
