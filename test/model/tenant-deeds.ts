import type { Deed } from './deed.js';
import { forgetExpired, type Model, TENANT } from './model.js';

type Parts = 'departments' | 'customers';

const IN_USE: Readonly<Record<Parts, (model: Model, id: string) => boolean>> = {
  departments: (model, id) =>
    Object.values(model.tenant!.members).some(({ overrides }) => overrides[id] !== undefined && model.isAhead(overrides[id].expiresAt)),
  customers: (model, id) => [...Object.values(model.tenant!.members), ...model.openInvitations].some(({ customer }) => customer === id),
};

function createPart(mutation: string, demands: string, parts: Parts, id: string): Deed {
  return {
    mutation,
    demands,
    input: () => ({ id, name: id }),
    judge: (model) => ({
      refusals: [model.tenant![parts].includes(id) && 'CONFLICT'],
      change: () => void model.tenant![parts].push(id),
    }),
  };
}

function deletePart(mutation: string, demands: string, parts: Parts, id: string): Deed {
  return {
    mutation,
    demands,
    input: () => ({ [parts === 'departments' ? 'departmentId' : 'customerId']: id }),
    judge: (model) => ({
      refusals: [!model.tenant![parts].includes(id) && 'NOT_FOUND', IN_USE[parts](model, id) && 'CONFLICT'],
      change: () => {
        model.tenant![parts] = model.tenant![parts].filter((part) => part !== id);
        if (parts === 'customers') forgetInvitations(model, id);
        else forgetExpired(model, (_held, department) => department === id);
      },
    }),
  };
}

/** Those that are open keep the customer; what is left of the others goes with it. */
function forgetInvitations(model: Model, customerId: string): void {
  for (const [name, { customer }] of Object.entries(model.invitations)) if (customer === customerId) delete model.invitations[name];
}

export const createDepartment = (id: string): Deed => createPart('createDepartment', 'department.manage', 'departments', id);
export const deleteDepartment = (id: string): Deed => deletePart('deleteDepartment', 'department.manage', 'departments', id);
export const createCustomer = (id: string): Deed => createPart('createCustomer', 'customer.manage', 'customers', id);
export const deleteCustomer = (id: string): Deed => deletePart('deleteCustomer', 'customer.manage', 'customers', id);

/** The plan is the platform's to change. */
export const changePlan = (plan: string): Deed => ({
  mutation: 'updateTenant',
  demands: 'platform.tenants',
  input: () => ({ plan }),
  judge: ({ tenant }) => ({
    refusals: [tenant === undefined && 'NOT_FOUND'],
    change: tenant?.plan === plan ? null : () => void (tenant!.plan = plan),
  }),
});

function changeStatus(mutation: string, status: 'ACTIVE' | 'SUSPENDED'): Deed {
  return {
    mutation,
    demands: 'platform.tenants',
    input: () => ({}),
    judge: ({ tenant }) => ({
      refusals: [tenant === undefined && 'NOT_FOUND'],
      change: tenant?.status === status ? null : () => void (tenant!.status = status),
    }),
  };
}

export const suspendTenant: Deed = changeStatus('suspendTenant', 'SUSPENDED');
export const activateTenant: Deed = changeStatus('activateTenant', 'ACTIVE');

/** Nothing of it stays, and its keys end with it. */
export const deleteTenant: Deed = {
  mutation: 'deleteTenant',
  demands: 'tenant.delete',
  input: () => ({}),
  judge: (model) => ({
    refusals: [],
    change: () => {
      delete model.world.tenants[TENANT];
      for (const name of Object.keys(model.invitations)) delete model.invitations[name];
      model.revokeKeys((key) => key.ofTenant);
    },
  }),
};
