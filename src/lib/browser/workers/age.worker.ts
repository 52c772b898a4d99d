/**
 * Encrypts and decrypts backups, then is ended: scrypt takes 256 MiB and cannot be interrupted
 * otherwise. It is asked through a port by the worker that holds the keys, so that no value passes
 * through the page.
 */
import { expose, transfer } from 'comlink';
import { AgeError, decryptBackup, encryptBackup, type Decrypted } from '#lib/backup/age.ts';
import type { Fault } from '#lib/browser/fault.ts';
import { answer, type Answer } from '#lib/browser/workers/answer.ts';
import { acceptPort } from '#lib/browser/workers/port.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

export class AgeCalls {
	async encrypt(plain: Bytes, passphrase: string): Promise<Answer<Bytes>> {
		const given = await answer(() => encryptBackup(plain, passphrase), faultIn);
		return 'value' in given ? transfer(given, [given.value.buffer]) : given;
	}

	async decrypt(file: Bytes, passphrase: string): Promise<Answer<Decrypted>> {
		const given = await answer(() => decryptBackup(file, passphrase), faultIn);
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
