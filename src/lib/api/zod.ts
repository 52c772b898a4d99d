/**
 * The only door to zod, in its small form: the same schemas and parser with checks as functions,
 * a third of the bytes that the unlock page has to load. Its JIT probes `new Function`, which the
 * content security policy forbids and reports; switching it off is the one side effect at import
 * that this project allows.
 */
import * as z from 'zod/mini';

z.config({ jitless: true });

export { z };
