/**
 * Encrypts and decrypts backups, then is ended: scrypt takes 256 MiB and cannot be interrupted
 * otherwise. It is asked through a port by the worker that holds the keys, so that no value passes
 * through the page.
 */
import { expose, transfer } from 'comlink';
import {
	AgeError,
	decryptBackup,
	encryptBackup,
	type Decrypted,
	type SealTo
} from '#lib/backup/age.ts';
import type { Fault } from '#lib/browser/fault.ts';
import { answer, type Answer } from '#lib/browser/workers/answer.ts';
import { acceptPort } from '#lib/browser/workers/port.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

export class AgeCalls {
	async encrypt(plain: Bytes, to: SealTo): Promise<Answer<Bytes>> {
		const given = await answer(() => encryptBackup(plain, to), faultIn);
		return 'value' in given ? transfer(given, [given.value.buffer]) : given;
	}

	async decrypt(file: Bytes, secret: string): Promise<Answer<Decrypted>> {
		const given = await answer(() => decryptBackup(file, secret), faultIn);
		const plain =
			'value' in given && given.value.outcome === 'decrypted' ? [given.value.plain.buffer] : [];
		return transfer(given, plain);
	}
}

function faultIn(error: unknown): Fault {
	if (error instanceof AgeError) return { code: error.code };
	return { code: error instanceof RangeError ? 'memory' : 'unexpected' };
}

acceptPort((port) => {
	expose(new AgeCalls(), port);
});
