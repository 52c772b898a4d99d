/**
 * `sealer seal RECIPIENT FROM TO` and `sealer open IDENTITY-FILE FROM TO`: the product's backup as a
 * program that is started for one file, as `age` is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { decryptBackup, encryptBackup } from '#lib/backup/age.ts';

const [command = '', who = '', from = '', to = ''] = process.argv.slice(2);
const bytes = readFileSync(from);

if (command === 'seal') {
	writeFileSync(to, await encryptBackup(bytes, { recipients: [who] }));
} else {
	const opened = await decryptBackup(bytes, readFileSync(who, 'utf8').trim());
	if (opened.outcome !== 'decrypted') throw new Error(opened.outcome);
	writeFileSync(to, opened.plain);
}
