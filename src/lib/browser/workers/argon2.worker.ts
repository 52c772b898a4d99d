/**
 * Derives one key and is ended: 64 MiB come back at once, and nothing of the password lingers.
 * It is asked through a port, so that neither password nor key passes through the page: one message,
 * one answer.
 */
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import { answer } from '#lib/browser/workers/answer.ts';
import { acceptPort } from '#lib/browser/workers/port.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { argon2id } from '#lib/crypto/kdf.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

/** What it is asked. Its answer is an `Answer<Bytes>`. */
export interface Derivation {
	readonly password: Bytes;
	readonly salt: Bytes;
	readonly profile: number;
}

/** Argon2id does nothing but compute in its memory: what fails besides a refusal is that memory. */
function faultIn(error: unknown): Fault {
	if (error instanceof FaultError) return error.fault;
	if (error instanceof CryptoError) return { code: error.code };
	return { code: 'memory' };
}

acceptPort((port) => {
	port.addEventListener('message', ({ data }: MessageEvent<Derivation>) => {
		const { password, salt, profile } = data;
		void answer(() => argon2id(password, salt, profile), faultIn).then((given) => {
			port.postMessage(given, 'value' in given ? [given.value.buffer] : []);
		});
	});
	port.start();
});
