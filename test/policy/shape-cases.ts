import type { MalformedCase } from './malformed-case.js';

const MATRIX_FIELDS =
  'the fields here are key, title, version, ownerRole, adminRoles, aliases, accountRoles, categories, roles, guards, expect';

export const SHAPE_CASES: readonly MalformedCase[] = [
  {
    it: 'names an unknown field and the known ones',
    edit: ['title: Orders', 'titel: Orders'],
    problems: ['10: unknown field "titel"; the fields here are key, title, permissions'],
  },
  {
    it: 'names each unknown field on its own line',
    edit: ['title: Shop', 'colour: red\nsize: 3'],
    problems: [
      `2: unknown field "colour"; ${MATRIX_FIELDS}`,
      `3: unknown field "size"; ${MATRIX_FIELDS}`,
    ],
  },
  {
    it: 'names an unknown field inside a flow mapping',
    edit: ['          access: write }', '          acess: write }'],
    problems: ['14: unknown field "acess"; the fields here are key, title, access, scope'],
  },
  {
    it: 'sees a value cut in two by a comma',
    edit: ['title: View orders,', 'title: View, search,'],
    problems: ['12: unknown field "search"; the fields here are key, title, access, scope'],
  },
  {
    it: 'names a missing field at its mapping',
    edit: ['  - key: clerk\n    description', '  - description'],
    problems: ['24: "key" is missing'],
  },
  {
    it: 'names a missing list of permissions',
    edit: ['    permissions: [orders.*]\n', ''],
    problems: ['24: "permissions" is missing'],
  },
  {
    it: 'wants the key of the matrix',
    edit: ['key: shop\n', ''],
    problems: ['1: "key" is missing'],
  },
  {
    it: 'refuses a key that is a number',
    edit: ['key: orders\n', 'key: 42\n'],
    problems: ['9: "key" must be text, but is the number 42; put it in quotes'],
  },
  {
    it: 'refuses a key that is a boolean',
    edit: ['- key: clerk', '- key: true'],
    problems: ['24: "key" must be text, but is the boolean true; put it in quotes'],
  },
  {
    it: 'refuses a key that is empty',
    edit: ['- key: clerk', '- key:'],
    problems: ['24: "key" must be text, but is empty'],
  },
  {
    it: 'refuses a key with a blank',
    edit: ['- key: clerk', '- key: order clerk'],
    problems: ['24: "key" must be a key: 1 to 255 printable ASCII characters without blanks'],
  },
  {
    it: 'refuses a key beyond ASCII',
    edit: ['- key: clerk', '- key: commis-é'],
    problems: ['24: "key" must be a key: 1 to 255 printable ASCII characters without blanks'],
  },
  {
    it: 'refuses a key of 256 characters',
    edit: ['- key: clerk', `- key: ${'k'.repeat(256)}`],
    problems: ['24: "key" must be a key: 1 to 255 printable ASCII characters without blanks'],
  },
  {
    it: 'refuses an access that is neither read nor write',
    edit: ['access: read', 'access: delete'],
    problems: ['12: "access" must be read or write, but is the text "delete"'],
  },
  {
    it: 'refuses an unknown scope',
    edit: ['scope: global', 'scope: Global'],
    problems: ['17: "scope" must be workspace or global, but is the text "Global"'],
  },
  {
    it: 'refuses an unknown surface',
    edit: ['surface: widget_only', 'surface: widget'],
    problems: ['30: "surface" must be all or widget_only, but is the text "widget"'],
  },
  {
    it: 'refuses text where a list belongs',
    edit: ['permissions: [orders.read]', 'permissions: orders.read'],
    problems: ['31: "permissions" must be a list, but is the text "orders.read"'],
  },
  {
    it: 'refuses a number in a list of grants',
    edit: ['permissions: [orders.read]', 'permissions: [orders.read, 7]'],
    problems: ['31: an entry of "permissions" must be text, but is the number 7; put it in quotes'],
  },
  {
    it: 'refuses a mapping in a list of grants',
    edit: ['      - orders.refund', '      - orders.refund: yes'],
    problems: ['28: an entry of "except" must be text, but is a mapping'],
  },
  {
    it: 'refuses an empty entry in a list of grants',
    edit: ['      - orders.refund', '      - orders.refund\n      -'],
    problems: ['29: an entry of "except" must be text, but is empty'],
  },
  {
    it: 'refuses a version of zero',
    edit: ['version: 1', 'version: 0'],
    problems: ['3: "version" must be at least 1'],
  },
  {
    it: 'refuses a fractional version',
    edit: ['version: 1', 'version: 1.5'],
    problems: ['3: "version" must be a whole number, but is the number 1.5'],
  },
  {
    it: 'refuses a version in quotes',
    edit: ['version: 1', 'version: "1"'],
    problems: ['3: "version" must be a whole number, but is the text "1"'],
  },
  {
    it: 'wants at least one admin role',
    edit: ['adminRoles: [owner, admin]', 'adminRoles: []'],
    problems: ['5: "adminRoles" must have at least one entry'],
  },
  {
    it: 'refuses account roles of the owner',
    edit: ['accountRoles: { admin:', 'accountRoles: { owner:'],
    problems: [
      '7: unknown field "owner"; the account roles here are admin, member and viewer (the account owner holds everything)',
    ],
  },
  {
    it: 'refuses a blank title',
    edit: ['title: Shop', 'title: " "'],
    problems: ['2: "title" must be text of 1 to 2000 characters, not blank and without control characters'],
  },
  {
    it: 'refuses control characters in a title',
    edit: ['title: Shop', 'title: "Sh\\0p"'],
    problems: ['2: "title" must be text of 1 to 2000 characters, not blank and without control characters'],
  },
  {
    it: 'refuses a negative count',
    edit: ['clerk: 1 }', 'clerk: -1 }'],
    problems: ['47: "clerk" must be at least 0'],
  },
  {
    it: 'reports several faults of one file in the order of their lines',
    edit: ['access: write }\n  - key: platform', 'access: no }\n  - name: platform'],
    problems: [
      '14: "access" must be read or write, but is the text "no"',
      '15: "key" is missing',
      '15: unknown field "name"; the fields here are key, title, permissions',
    ],
  },
];
