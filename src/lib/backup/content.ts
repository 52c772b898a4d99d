/**
 * What is in a backup: every vault with every key, as JSON.
 *
 * Read strictly: the file comes from wherever a person kept it, and what it holds is sealed into
 * the account. Members that a newer Keyhold added inside a key are kept, as everywhere.
 */
import { ContentError } from '#lib/backup/errors.ts';
import { encodingOf, fromUtf8, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { ItemError, type Overview, type Secret } from '#lib/items/key.ts';
import { parseOverview } from '#lib/items/overview.ts';
import { checkSecret, parseSecret } from '#lib/items/secret.ts';

export interface BackupKey {
	readonly overview: Overview;
	readonly secret: Secret;
}

export interface BackupVault {
	readonly name: string;
	readonly keys: readonly BackupKey[];
}

export interface BackupContent {
	readonly v: 1;
	/** Milliseconds since 1970. */
	readonly madeAt: number;
	readonly vaults: readonly BackupVault[];
}

/** As many as an account may have (docs/protocol.md, 11). */
const VAULTS = 64;
const KEYS_PER_VAULT = 20_000;
const NAME_CHARACTERS = 1_000;
/** The content's own four levels, and eight inside a key, as in a vault. */
const DEPTH = 12;
const LAST_MS = 8_640_000_000_000_000;

/** The content as UTF-8 of JSON, indented: whoever opens it with `age` reads it. */
export function writeContent(content: BackupContent): Bytes {
	return utf8(JSON.stringify(content, null, '\t') + '\n');
}

/**
 * Reverses {@link writeContent}.
 *
 * @throws {ContentError}
 */
export function readContent(bytes: Uint8Array): BackupContent {
	try {
		const json: unknown = JSON.parse(textOf(bytes));
		refuseDeep(json, DEPTH);
		return contentFrom(json);
	} catch (error) {
		if (error instanceof ContentError) throw error;
		if (error instanceof ItemError && error.code === 'unsupported') {
			throw new ContentError('backup-newer', error.message);
		}
		throw new ContentError(
			'backup-format',
			error instanceof ItemError ? error.message : 'not JSON'
		);
	}
}

/**
 * An editor may have saved a plain export with a byte order mark, which JSON has no place for, or in
 * the UTF-16 that the mark tells of.
 */
function textOf(bytes: Uint8Array): string {
	const encoding = encodingOf(bytes);
	if (encoding === 'utf-8') return fromUtf8(bytes).replace(/^\uFEFF/, '');
	return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

/** How many keys there are in all vaults. */
export function keyCount({ vaults }: Pick<BackupContent, 'vaults'>): number {
	return vaults.reduce((sum, { keys }) => sum + keys.length, 0);
}

function contentFrom(json: unknown): BackupContent {
	const { v, madeAt, vaults } = exactly(json, ['v', 'madeAt', 'vaults']);
	if (typeof v === 'number' && Number.isSafeInteger(v) && v > 1) {
		throw new ContentError('backup-newer', 'made by a newer version');
	}
	if (v !== 1) throw format('version is not 1');
	if (!Number.isSafeInteger(madeAt) || Number(madeAt) < 0 || Number(madeAt) > LAST_MS) {
		throw format('madeAt is not a moment');
	}
	return { v, madeAt: Number(madeAt), vaults: list(vaults, VAULTS).map(vaultFrom) };
}

function vaultFrom(json: unknown): BackupVault {
	const { name, keys } = exactly(json, ['name', 'keys']);
	if (typeof name !== 'string' || name.length > NAME_CHARACTERS) throw format('name is not a name');
	return { name, keys: list(keys, KEYS_PER_VAULT).map(keyFrom) };
}

function keyFrom(json: unknown): BackupKey {
	const { overview, secret } = exactly(json, ['overview', 'secret']);
	return { overview: parseOverview(overview), secret: checkSecret(parseSecret(secret)) };
}

function exactly(json: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
	if (typeof json !== 'object' || json === null || Array.isArray(json)) throw format('no object');
	const given = Object.keys(json);
	if (given.length !== names.length || !names.every((name) => given.includes(name))) {
		throw format('members are not those of a backup');
	}
	return { ...json };
}

function list(json: unknown, most: number): readonly unknown[] {
	if (!Array.isArray(json) || json.length > most) throw format('no list, or one too long');
	return json;
}

/** `__proto__` and endless nesting are somebody's tricks; JSON.parse takes both. */
function refuseDeep(json: unknown, depth: number): void {
	if (typeof json !== 'object' || json === null) return;
	if (depth === 0) throw format('nested too deep');
	if (Object.hasOwn(json, '__proto__')) throw format('has __proto__');
	for (const member of Object.values(json)) refuseDeep(member, depth - 1);
}

function format(message: string): ContentError {
	return new ContentError('backup-format', message);
}
