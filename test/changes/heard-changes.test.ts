import { HeardChanges } from '../../src/features/changes/heard-changes.js';
import type { TenantChange } from '../../src/features/changes/tenant-change.js';
import { recordingLog } from '../support/logs.js';

const NODE = 'this-node';

function hearing() {
  const told: string[] = [];
  const log = recordingLog();
  const listener = {
    tenantChanged: ({ tenantId, revision, touches }: TenantChange) => void told.push(`${tenantId} ${revision} ${String(touches)}`),
    callersChanged: () => void told.push('callers'),
  };
  return { told, log, changes: new HeardChanges(NODE, listener, () => void told.push('catch up'), log) };
}

describe('what another node announces', () => {
  it.each([
    ['a tenant at its revision', { from: 'other', tenantId: 'acme', revision: '42', users: ['ada', 'bob'] }, ['acme 42 ada,bob']],
    ['a tenant of which nobody was touched', { from: 'other', tenantId: 'acme', revision: '42', users: [] }, ['acme 42 ']],
    ['a tenant of which everybody was touched', { from: 'other', tenantId: 'acme', revision: '42', users: null }, ['acme 42 everybody']],
    ['what a node of an earlier version says', { from: 'other', tenantId: 'acme', revision: '42' }, ['acme 42 everybody']],
    ['a revision beyond what a number holds', { from: 'other', tenantId: 'acme', revision: '900719925474099301' }, ['acme 900719925474099301 everybody']],
    ['callers', { from: 'other', callers: true }, ['callers']],
    ['what this very node said', { from: NODE, tenantId: 'acme', revision: '42' }, []],
  ])('is told to the listener: %s', (_what, message, expected) => {
    const { told, log, changes } = hearing();
    changes.heard(JSON.stringify(message));
    expect([told, log.entries]).toEqual([expected, []]);
  });

  it('that was missed is caught up with from the log of changes', () => {
    const { told, changes } = hearing();
    changes.missed();
    expect(told).toEqual(['catch up']);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{from'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no sender', '{"tenantId":"acme","revision":"1"}'],
    ['no revision', '{"from":"other","tenantId":"acme"}'],
    ['a number for a revision', '{"from":"other","tenantId":"acme","revision":1}'],
    ['a negative revision', '{"from":"other","tenantId":"acme","revision":"-1"}'],
    ['a revision that no database holds', `{"from":"other","tenantId":"acme","revision":"${'9'.repeat(19)}"}`],
    ['a tenant that cannot be', '{"from":"other","tenantId":"a b","revision":"1"}'],
    ['false callers', '{"from":"other","callers":false}'],
    ['two things at once', '{"from":"other","callers":true,"tenantId":"acme","revision":"1"}'],
    ['users that are no list', '{"from":"other","tenantId":"acme","revision":"1","users":"ada"}'],
    ['something more', '{"from":"other","tenantId":"acme","revision":"1","role":"owner"}'],
    ['a prototype', '{"from":"other","__proto__":{"callers":true}}'],
  ])('is ignored with a warning where it is %s', (_what, payload) => {
    const { told, log, changes } = hearing();
    changes.heard(payload);
    expect([told, log.entries]).toEqual([[], ['warn: A notification of a change could not be read, and was ignored.']]);
  });
});
