/**
 * Derives one key and is ended: 64 MiB come back at once, and nothing of the password lingers.
 * It is asked through a port, so that neither password nor key passes through the page.
 */
import { expose, transfer } from 'comlink';
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import { answer, type Answer } from '#lib/browser/workers/answer.ts';
import { acceptPort } from '#lib/browser/workers/port.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { argon2id } from '#lib/crypto/kdf.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

export class Argon2Calls {
	async derive(password: Bytes, salt: Bytes, profile: number): Promise<Answer<Bytes>> {
		const given = await answer(() => argon2id(password, salt, profile), faultIn);
		return 'value' in given ? transfer(given, [given.value.buffer]) : given;
	}
}

/** Argon2id does nothing but compute in its memory: what fails besides a refusal is that memory. */
function faultIn(error: unknown): Fault {
	if (error instanceof FaultError) return error.fault;
	if (error instanceof CryptoError) return { code: error.code };
	return { code: 'memory' };
}

acceptPort((port) => {
	expose(new Argon2Calls(), port);
});
