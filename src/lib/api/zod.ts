/**
 * The only door to zod. Its JIT probes `new Function`, which the content security policy forbids
 * and reports; switching it off is the one side effect at import that this project allows.
 */
import * as z from 'zod';

z.config({ jitless: true });

export { z };
