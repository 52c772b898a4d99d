/** Where a passphrase comes from: a file, the environment, or whoever sits at the terminal. */
import { readText } from './age-file.ts';
import { AdminError } from './errors.ts';
import type { Surroundings } from './surroundings.ts';
import type { Options } from './words.ts';

const VARIABLE = 'KEYHOLD_BACKUP_PASSPHRASE';
/** As of a password. A file can be tried at home for years. */
const LENGTH_MIN = 12;

/** Asked for twice, and refused if it is short. @throws {AdminError} `input` */
export async function newPassphrase(
	surroundings: Surroundings,
	options: Pick<Options, 'passphraseFile'>
): Promise<string> {
	const given = givenPassphrase(surroundings, options);
	const passphrase = given ?? (await surroundings.askHidden('Passphrase of the backup: '));
	if (Array.from(passphrase).length < LENGTH_MIN) {
		throw new AdminError('input', `The passphrase needs at least ${LENGTH_MIN} characters.`);
	}
	if (given === undefined && (await surroundings.askHidden('Once more: ')) !== passphrase) {
		throw new AdminError('input', 'The two differ: nothing was written.');
	}
	return passphrase;
}

/** @throws {AdminError} `input` */
export async function knownPassphrase(
	surroundings: Surroundings,
	options: Pick<Options, 'passphraseFile'>
): Promise<string> {
	return (
		givenPassphrase(surroundings, options) ??
		(await surroundings.askHidden('Passphrase of the backup: '))
	);
}

function givenPassphrase(
	{ environment, interactive }: Surroundings,
	{ passphraseFile }: Pick<Options, 'passphraseFile'>
): string | undefined {
	if (passphraseFile !== undefined) {
		return readText(passphraseFile).split(/\r?\n/, 1)[0] ?? '';
	}
	const given = environment[VARIABLE];
	if (given !== undefined && given !== '') return given;
	if (interactive) return undefined;
	throw new AdminError(
		'input',
		`There is no terminal to ask for a passphrase on: use --passphrase-file or ${VARIABLE}.`
	);
}
