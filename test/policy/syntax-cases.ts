import type { MalformedCase } from './malformed-case.js';

export const SYNTAX_CASES: readonly MalformedCase[] = [
  {
    it: 'names the line of a YAML error',
    edit: ['version: 1', 'version: 1: 2'],
    problems: ['3: bad indentation of a mapping entry'],
  },
  {
    it: 'refuses an unquoted wildcard in a list',
    edit: ['permissions: ["*"]\n  - key: admin', 'permissions: [*]\n  - key: admin'],
    problems: ['20: an unquoted "*" begins a YAML alias, which a policy file may not use; put a wildcard in quotes, as in "*"'],
  },
  {
    it: 'refuses an unquoted wildcard as an entry',
    edit: ['      - orders.refund', '      - *'],
    problems: ['28: an unquoted "*" begins a YAML alias, which a policy file may not use; put a wildcard in quotes, as in "*"'],
  },
  {
    it: 'refuses aliases, even of an anchor that exists',
    edit: ['adminRoles: [owner, admin]', 'adminRoles: &leads [owner, admin]\nextra: *leads'],
    problems: ['6: an unquoted "*" begins a YAML alias, which a policy file may not use; put a wildcard in quotes, as in "*"'],
  },
  {
    it: 'says that a reserved character needs quotes',
    edit: ['title: Shop', 'title: @shop'],
    problems: ['2: a value that begins with "@" has to be in quotes'],
  },
  {
    it: 'refuses a field that is given twice',
    edit: ['title: Shop\n', 'title: Shop\nkey: shop2\n'],
    problems: ['3: the key "key" appears twice in one mapping'],
  },
  {
    it: 'refuses a guard that is given twice',
    edit: ['  tenant.read: member', '  tenant.read: member\n  decision.read: orders.read'],
    problems: ['35: the key "decision.read" appears twice in one mapping'],
  },
  {
    it: 'refuses a number as a mapping key',
    edit: ['roles: { owner: 2', 'roles: { 1: 2'],
    problems: ['47: a mapping\'s key must be text, but is the number 1; put it in quotes'],
  },
  {
    it: 'refuses nothing as a mapping key',
    edit: ['roles: { owner: 2', 'roles: { ~: 2'],
    problems: ['47: a mapping\'s key must be text, but is empty or null; put it in quotes'],
  },
  {
    it: 'refuses a list as a mapping key',
    edit: ['title: Shop', '[a]: Shop'],
    problems: ['1: a mapping\'s key must be text, but is a list or mapping'],
  },
  {
    it: 'refuses __proto__ as a mapping key',
    edit: ['tenant_admin: admin', '__proto__: admin'],
    problems: ['6: the key "__proto__" is not allowed'],
  },
  {
    it: 'refuses tabs as indentation',
    edit: ['    title: Orders', '	title: Orders'],
    problems: ['10: tab characters must not be used in indentation'],
  },
  {
    it: 'refuses a list that is never closed',
    edit: ['  categories: { orders: 2 }', '  categories: { orders: 2'],
    problems: ['49: deficient indentation'],
  },
  {
    it: 'refuses a second document',
    edit: ['guards:', '---\nguards:'],
    problems: ['32: a second document begins here; a policy file holds one'],
  },
  {
    it: 'refuses an unknown YAML tag',
    edit: ['title: Shop', 'title: !secret Shop'],
    problems: ['2: unknown scalar tag !<!secret>'],
  },
  {
    it: 'refuses an empty file',
    whole: '',
    problems: ['1: the file is empty'],
  },
  {
    it: 'refuses a file of comments only',
    whole: '# later\n',
    problems: ['1: the file is empty'],
  },
  {
    it: 'refuses a file that is a list',
    whole: '- key: shop\n',
    problems: ['1: the file must be a mapping, but is a list'],
  },
  {
    it: 'refuses a file that is text',
    whole: 'shop\n',
    problems: ['1: the file must be a mapping, but is the text "shop"'],
  },
  {
    it: 'refuses absurd nesting',
    whole: '['.repeat(5000),
    problems: ['1: nesting exceeded maxDepth (32)'],
  },
];
