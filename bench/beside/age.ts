/**
 * The product's backup of 10,000 keys beside Debian's `age`, for one recipient: from a file of JSON to a
 * sealed one, and back, each as a program that is started for it. Under a passphrase `age` asks a terminal for it, which this run has not.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { bundle } from '../bundle.js';
import { debianVersion, withProgram } from '../debian.js';
import { inTurns, millisecondsOf, recordBeside, recordVersion } from '../figures.ts';
import { run } from './run.ts';

const ROUNDS = 9;

/** @param content Of a backup, as the product writes it. */
export async function measureAge(content: Uint8Array, folder: string): Promise<void> {
	const env = withProgram('age', 'age');
	const identity = await generateIdentity();
	const recipient = await identityToRecipient(identity);
	const at = (name: string) => join(folder, name);
	const sealer = await bundle('bench/programs/sealer.ts');
	const ours = (...words: readonly string[]) => run(process.execPath, [sealer, ...words]);
	if (env !== undefined) recordVersion('age', debianVersion('age'));
	writeFileSync(at('content'), content);
	writeFileSync(at('identity'), `${identity}\n`);
	const sealing = await inTurns(ROUNDS, {
		ours: () => millisecondsOf(() => ours('seal', recipient, at('content'), at('ours.age'))),
		theirs:
			env &&
			(() =>
				millisecondsOf(async () => {
					const words = ['-r', recipient, '-o', at('theirs.age'), at('content')];
					await run('age', words, '', env);
				}))
	});
	const opening = await inTurns(ROUNDS, {
		ours: () => millisecondsOf(() => ours('open', at('identity'), at('ours.age'), at('ours'))),
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
