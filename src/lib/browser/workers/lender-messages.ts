/**
 * What tabs and the lender say to each other. Each end reads what comes as if a stranger had sent it:
 * what has another form is not heard.
 */
import { z } from '#lib/api/zod.ts';
import { Lent } from '#lib/keyholder/lent.ts';

/** A page's first word, beside a port for its worker: the name of a lock that it holds while it lives. */
export const Coming = z.strictObject({
	tab: z.string().check(z.regex(/^keyhold-tab-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/))
});
export type Coming = z.infer<typeof Coming>;

/** Its last word: it has ended that worker. Unless `keep`, what that one has lent is taken back. */
export const Going = z.strictObject({ keep: z.boolean() });
export type Going = z.infer<typeof Going>;

/**
 * What the worker of a tab says; only `ask` is answered. `rest`: it is locked, alone.   `withdraw`:
 * it is locked, with all tabs.
 */
export const ToLender = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('lend'), lent: Lent }),
	z.strictObject({ kind: z.literal('ask') }),
	z.strictObject({ kind: z.literal('rest') }),
	z.strictObject({ kind: z.literal('withdraw') })
]);
export type ToLender = z.infer<typeof ToLender>;

export const LenderAnswer = z.strictObject({ lent: z.optional(Lent) });
export type LenderAnswer = z.infer<typeof LenderAnswer>;
