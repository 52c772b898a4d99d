/** Codes of an authenticator app (RFC 6238): HMAC-SHA-1, steps of 30 seconds, six digits. */
import { createHmac, randomBytes } from 'node:crypto';
import { Writer } from '#lib/encoding/binary.ts';
import { equal, utf8, type Bytes } from '#lib/encoding/bytes.ts';

const STEP_MS = 30_000;
const DIGITS = 6;
/** As long as the HMAC's output, which RFC 4226 recommends. */
const SEED_BYTES = 20;
/** Steps that a clock may be early or late. */
const DRIFT = 1;

export function newSeed(): Bytes {
	return new Uint8Array(randomBytes(SEED_BYTES));
}

/** The code of a step: RFC 4226, 5.3. */
export function codeAt(seed: Bytes, step: number): string {
	const mac = createHmac('sha1', seed).update(new Writer().u64(step).done()).digest();
	const truncated = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fff_ffff;
	return String(truncated % 10 ** DIGITS).padStart(DIGITS, '0');
}

/**
 * The step whose code was typed, of those about now and above `usedStep`: a code that was seen over
 * a shoulder is worth nothing once its owner, or a later one, was used.
 */
export function stepOf(
	seed: Bytes,
	typed: string,
	{ nowMs, usedStep }: { nowMs: number; usedStep: number }
): number | undefined {
	const now = Math.floor(nowMs / STEP_MS);
	let found: number | undefined;
	for (let step = now + DRIFT; step >= now - DRIFT; step--) {
		if (step > usedStep && equal(utf8(codeAt(seed, step)), utf8(typed))) found = step;
	}
	return found;
}
