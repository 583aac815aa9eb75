import project from '../../jest.config.js';

/** Apollo's own tests: apollo-suite.test.ts runs them, and judges what they find. */
export default {
  ...project,
  rootDir: '../..',
  roots: ['<rootDir>/test/apollo-suite'],
  testMatch: ['**/suite.ts'],
  // No database is asked.
  globalSetup: null,
  globalTeardown: null,
  // What does not hold here may wait for an answer that never comes.
  testTimeout: 5000,
};
