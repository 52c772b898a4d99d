/** Where the servers of tests are, as their settings say and browsers sign. */
export const ORIGIN = 'https://vault.example.org';
