/**
 * Every query of the tests is compiled when it comes for the first time, and known when it comes for the second. With
 * TEST_EXECUTION=interpreted, graphql-js executes all of them: both must answer alike.
 */
export const COMPILE_AFTER = process.env['TEST_EXECUTION'] === 'interpreted' ? Number.POSITIVE_INFINITY : 1;
