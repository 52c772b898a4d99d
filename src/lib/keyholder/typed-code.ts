/** Codes that a person types. Who unlocks with a password alone loads none of it. */
import { SecondFactorCode } from '#lib/api/auth.ts';
import { z } from '#lib/api/zod.ts';
import { canonical } from '#lib/encoding/crockford.ts';

/** A code of Crockford's symbols as it travels, or what was typed if it cannot be one. */
export function typedSymbols(typed: string): string {
	const bare = typed.replace(/[\s-]/g, '');
	return canonical(bare) ?? bare;
}

/**
 * A code of the second factor as it travels: six digits, or a backup code of ten symbols; undefined
 * if it cannot be one, and then it need not be sent.
 */
export function typedCode(typed: string): string | undefined {
	const code = typedSymbols(typed);
	return z.safeParse(SecondFactorCode, code).success ? code : undefined;
}
