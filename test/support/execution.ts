const EXECUTION = process.env['TEST_EXECUTION'];

/**
 * Every query of the tests is compiled when it comes for the first time, and known when it comes for the second. With
 * TEST_EXECUTION=interpreted, graphql-js executes all of them: both must answer alike.
 */
export const COMPILE_AFTER = EXECUTION === 'interpreted' ? Number.POSITIVE_INFINITY : 1;

/** With TEST_EXECUTION=known, every query is known when it comes for the first time. */
export const KNOWN_AT_ONCE = EXECUTION === 'known';
