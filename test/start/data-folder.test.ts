import { Client } from '../support/client.js';
import { type EmbeddedFolder, embeddedFolder } from '../support/embedded-folder.js';
import { ROOT_KEY } from '../support/gateway.js';
import { must } from '../support/world.js';
import { endAll, startGatehouse } from './command.js';

const USERS = 20;

describe('the data folder', () => {
  let folder: EmbeddedFolder;
  beforeEach(async () => {
    folder = await embeddedFolder();
  });
  afterEach(async () => {
    await endAll();
    await folder.remove();
  });

  const start = (): ReturnType<typeof startGatehouse> => startGatehouse({ DATA_DIR: folder.path, DEMO: 'false', GATEHOUSE_ROOT_KEY: ROOT_KEY });

  it('is refused to a second process, and the first keeps serving', async () => {
    const url = await start().ready();
    const { code, stdout, stderr } = await start().ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^The data folder .+ is in use by .+: stop that one first, or set DATA_DIR to another folder\.$/);
    expect(stderr).not.toContain('    at ');
    const client = new Client(url, ROOT_KEY);
    expect(await client.codes('{ users { totalCount } }')).toEqual([]);
  });

  it('has every acknowledged write after a kill, and opens again', async () => {
    const killed = start();
    const client = new Client(await killed.ready(), ROOT_KEY);
    const acknowledged: string[] = [];
    for (let i = 0; i < USERS; i += 1) {
      const id = `user-${i}`;
      await must(client.mutate('createUser', { id, name: id }, 'user { id }'));
      acknowledged.push(id);
    }
    const unanswered = client.mutate('createUser', { id: 'unanswered', name: 'Cut off' }, 'user { id }').catch(() => null);
    await killed.end('SIGKILL');
    await unanswered;

    const again = new Client(await start().ready(), ROOT_KEY);
    const { users } = await again.ask<{ users: { edges: { node: { id: string } }[] } }>('{ users(first: 100) { edges { node { id } } } }');
    expect(users.edges.map((edge) => edge.node.id).filter((id) => id !== 'unanswered')).toEqual(acknowledged.toSorted());
  });
});
