/**
 * The product's backup of 10,000 keys beside Debian's `age`, for one recipient: from a file of JSON to a
 * sealed one, and back. Under a passphrase `age` asks a terminal for it, which this run has not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { decryptBackup, encryptBackup } from '#lib/backup/age.ts';
import { withProgram } from '../debian.js';
import { inTurns, millisecondsOf, recordBeside } from '../figures.ts';
import { run } from './run.ts';

const ROUNDS = 9;

/** @param content Of a backup, as the product writes it. */
export async function measureAge(content: Uint8Array, folder: string): Promise<void> {
	const env = withProgram('age', 'age');
	const identity = await generateIdentity();
	const recipient = await identityToRecipient(identity);
	const at = (name: string) => join(folder, name);
	writeFileSync(at('content'), content);
	writeFileSync(at('identity'), `${identity}\n`);
	const sealing = await inTurns(ROUNDS, {
		ours: () =>
			millisecondsOf(async () => {
				const sealed = await encryptBackup(readFileSync(at('content')), {
					recipients: [recipient]
				});
				writeFileSync(at('ours.age'), sealed);
			}),
		theirs:
			env &&
			(() =>
				millisecondsOf(async () => {
					const words = ['-r', recipient, '-o', at('theirs.age'), at('content')];
					await run('age', words, '', env);
				}))
	});
	const opening = await inTurns(ROUNDS, {
		ours: () =>
			millisecondsOf(async () => {
				const opened = await decryptBackup(readFileSync(at('ours.age')), identity);
				if (opened.outcome !== 'decrypted') throw new Error(opened.outcome);
				writeFileSync(at('ours'), opened.plain);
			}),
		theirs:
			env &&
			(() =>
				millisecondsOf(async () => {
					const words = ['-d', '-i', at('identity'), '-o', at('theirs'), at('ours.age')];
					await run('age', words, '', env);
				}))
	});
	const seal = 'seal a backup of 10,000 keys for a recipient';
	recordBeside({ what: seal, unit: 'ms' }, sealing.ours, 'age', sealing.theirs);
	const open = 'open it with the identity';
	recordBeside({ what: open, unit: 'ms' }, opening.ours, 'age', opening.theirs);
}
