/** Backups of the host, opened by the standard `age` program, and restored to a server that runs. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	appendFileSync,
	chownSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	truncateSync,
	writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { secret, secretsOf, sheet, type Person } from '../server/person.ts';
import { answered, Place } from './admin-command.ts';

const PASSPHRASE = 'correct horse bättery staple';
const GIVEN = { KEYHOLD_BACKUP_PASSPHRASE: PASSPHRASE };
const SQLITE = 'SQLite format 3\0';

let place: Place;
let other: Place;
let person: Person;
/** What a backup for a recipient is opened with: a passphrase is made slow to try, here too. */
let opening: readonly string[];
let recipient: string;
const written = secret();

beforeEach(async () => {
	place = await Place.open();
	other = await Place.empty();
	person = await place.someone('ada@example.org');
	await person.commit(person.commitOf({ sheets: [sheet()], secrets: [written] }));
	const identity = await generateIdentity();
	recipient = await identityToRecipient(identity);
	opening = ['--identity', join(other.folder, 'opening')];
	writeFileSync(join(other.folder, 'opening'), `${identity}\n`);
});

afterEach(async () => {
	await place.remove();
	await other.remove();
});

function data(of: Place, ...names: string[]): string {
	return join(of.folder, 'data', ...names);
}

function backupFile(): string {
	return join(place.folder, 'backup.age');
}

/** A backup that {@link opening} opens. */
async function backUp(): Promise<string> {
	const words = ['backup', 'backup.age', '--recipient', recipient];
	expect((await place.admin(words)).code).toBe(0);
	return backupFile();
}

async function backUpUnderPassphrase(): Promise<string> {
	expect((await place.admin(['backup', 'backup.age'], GIVEN)).code).toBe(0);
	return backupFile();
}

/** Gives the other place the secrets of the first, as its host would. */
function bringSecrets(): void {
	mkdirSync(data(other), { mode: 0o700 });
	copyFileSync(data(place, 'secrets.env'), data(other, 'secrets.env'));
}

/** Whether the person reads, at that place, what was written at the first. */
async function readsAt(of: Place, by: Person): Promise<boolean> {
	const response = await fetch(`${of.origin}/api/v1/vaults/${by.vault}/secrets`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: of.origin, cookie: by.cookie },
		body: JSON.stringify({ items: [written.item], purpose: 'copy' })
	});
	if (response.status !== 200) return false;
	const { secrets } = await secretsOf(response);
	return Buffer.from(written.blob).equals(secrets[0]?.blob ?? new Uint8Array());
}

async function change(file: string, sql: string): Promise<void> {
	const client = createClient({ url: `file:${file}` });
	await client.execute(sql);
	client.close();
}

describe('a backup', () => {
	test.each([['a server that runs'], ['a server that is stopped']])(
		'of %s is restored in a new folder, and served from there',
		async (state) => {
			if (state.endsWith('stopped')) await place.stop();
			const file = await backUp();
			await place.stop();
			bringSecrets();
			expect(await other.admin(['restore', file, ...opening])).toMatchObject({ code: 0 });
			await other.start();
			expect(await readsAt(other, person)).toBe(true);
			expect(await other.json(['check'])).toMatchObject({ code: 0, accounts: 1 });
		}
	);

	test('is encrypted, for its owner only, and nothing of it stays elsewhere', async () => {
		const file = await backUp();
		expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
		expect(readFileSync(file, 'latin1')).toMatch(/^age-encryption\.org\/v1\n/);
		expect(readFileSync(file).includes(SQLITE)).toBe(false);
		expect(readdirSync(place.folder).sort()).toEqual(['backup.age', 'data']);
		expect(readdirSync(data(place)).filter((name) => name.startsWith('copy'))).toEqual([]);
	});

	test('says with --json where it is and how large the database in it is', async () => {
		const reply = await place.json(['backup', 'backup.age', '--recipient', recipient]);
		expect(reply).toMatchObject({ ok: true, file: backupFile(), code: 0 });
		// Encryption adds a head and a little for each of a few chunks.
		const added = statSync(backupFile()).size - Number(reply['databaseBytes']);
		expect(added).toBeGreaterThan(0);
		expect(added).toBeLessThan(1000);
		const again = await place.json(['backup', 'backup.age', '--recipient', recipient]);
		expect(again).toMatchObject({ ok: false, code: 2 });
	});

	test('is made while commits arrive, loses none that was acknowledged before, makes none fail', async () => {
		const BEFORE = 25;
		for (let n = 0; n < BEFORE; n++) {
			await person.commit(person.commitOf({ secrets: [secret()] }));
		}
		const progress = { ended: false };
		let commits = 0;
		const words = ['backup', 'busy.age', '--recipient', recipient];
		const made = place.admin(words).finally(() => (progress.ended = true));
		do {
			const { outcome } = await person.commit(person.commitOf({ secrets: [secret()] }));
			expect(outcome).toBe('stored');
			commits++;
		} while (!progress.ended);
		expect(await made).toMatchObject({ code: 0 });
		await place.stop();
		bringSecrets();
		await other.admin(['restore', join(place.folder, 'busy.age'), ...opening]);
		const [account] = (await other.json(['accounts']))['accounts'] as { keys: number }[];
		expect(account?.keys).toBeGreaterThanOrEqual(1 + BEFORE);
		expect(account?.keys).toBeLessThanOrEqual(1 + BEFORE + commits);
		expect(await other.json(['check'])).toMatchObject({ code: 0, findings: [] });
	});

	test('never replaces a file, and leaves none if it fails', async () => {
		writeFileSync(backupFile(), 'older');
		const { code, err } = await place.admin(['backup', 'backup.age'], GIVEN);
		expect([code, err]).toEqual([2, expect.stringContaining('is there already')]);
		expect(readFileSync(backupFile(), 'utf8')).toBe('older');
		const nowhere = await place.admin(['backup', 'nowhere/backup.age'], GIVEN);
		expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining('Cannot write')]);
		expect(existsSync(join(place.folder, 'nowhere'))).toBe(false);
	});

	test('that is killed leaves no copy of the database', async () => {
		for (let n = 0; n < 10; n++) {
			const secrets = Array.from({ length: 500 }, () => secret());
			await person.commit(person.commitOf({ secrets }));
		}
		for (const ms of [200, 400, 600]) {
			const child = place.spawnAdmin(['backup', 'killed.age'], GIVEN);
			const ended = new Promise((resolve) => child.once('close', resolve));
			await new Promise((resolve) => setTimeout(resolve, ms));
			child.kill('SIGKILL');
			await ended;
		}
		const copies = () => readdirSync(data(place)).filter((name) => name.startsWith('copy'));
		await expect.poll(copies, { timeout: 30_000 }).toEqual([]);
		expect(existsSync(join(place.folder, 'killed.age'))).toBe(false);
	});

	test('is for recipients, any of whom can restore it', async () => {
		const identities = [await generateIdentity(), await generateIdentity()];
		const recipients = await Promise.all(identities.map((each) => identityToRecipient(each)));
		const words = recipients.flatMap((each) => ['--recipient', each]);
		expect(await place.admin(['backup', 'backup.age', ...words])).toMatchObject({ code: 0 });
		await place.stop();
		bringSecrets();
		for (const [index, identity] of identities.entries()) {
			writeFileSync(join(other.folder, 'id'), `# mine\n\n${identity}\n`);
			const more = index === 0 ? [] : ['--replace'];
			const ran = await other.admin(['restore', backupFile(), '--identity', 'id', ...more]);
			expect(ran).toMatchObject({ code: 0 });
		}
		writeFileSync(join(other.folder, 'id'), `${await generateIdentity()}\n`);
		const stranger = await other.admin(['restore', backupFile(), '--identity', 'id', '--replace']);
		expect([stranger.code, stranger.err]).toEqual([2, expect.stringContaining('does not open')]);
	});

	test('asks for a passphrase twice on a terminal, and takes it from a file', async () => {
		const two = await place.onTerminal(['backup', 'two.age'], [PASSPHRASE, 'another passphrase']);
		expect([two.code, two.out]).toEqual([2, expect.stringContaining('The two differ')]);
		expect(existsSync(join(place.folder, 'two.age'))).toBe(false);
		const typed = await place.onTerminal(['backup', 'typed.age'], [PASSPHRASE, PASSPHRASE]);
		expect(typed).toMatchObject({ code: 0 });
		writeFileSync(join(place.folder, 'passphrase'), `${PASSPHRASE}\nanother line\n`);
		await place.stop();
		const words = ['restore', 'typed.age', '--passphrase-file', 'passphrase', '--replace'];
		expect(await place.admin(words)).toMatchObject({ code: 0 });
	});
});

test('where the database is on a libSQL server, a restore leaves everything as it is', async () => {
	await backUp();
	bringSecrets();
	const elsewhere = { DATABASE_URL: 'http://127.0.0.1:9/' };
	const { code, err } = await other.admin(['restore', backupFile(), ...opening], elsewhere);
	expect(code).toBe(3);
	expect(err).toContain('The database is on a libSQL server: restore it there.');
	expect(readdirSync(data(other))).toEqual(['secrets.env']);
});

const AGE_MISSING = spawnSync('age', ['--version']).error !== undefined;
if (AGE_MISSING) process.stderr.write('The program age is not installed: 2 tests are skipped.\n');

describe.skipIf(AGE_MISSING)('the standard age program', () => {
	function isOurs(file: string): boolean {
		return readFileSync(file, 'latin1').startsWith(SQLITE);
	}

	test('opens a backup under a passphrase', async () => {
		const file = await backUpUnderPassphrase();
		const plain = join(place.folder, 'plain.db');
		const ran = await answered(`age --decrypt --output ${plain} ${file}`, [PASSPHRASE], {
			cwd: place.folder
		});
		expect(ran.code).toBe(0);
		expect(isOurs(plain)).toBe(true);
	});

	test('opens a backup for a recipient that age-keygen made, and makes one that is restored', async () => {
		const id = join(place.folder, 'id');
		expect(spawnSync('age-keygen', ['-o', id]).status).toBe(0);
		const made = /age1\w+/.exec(readFileSync(id, 'utf8'))?.[0] ?? '';
		expect((await place.admin(['backup', 'backup.age', '--recipient', made])).code).toBe(0);
		const plain = join(place.folder, 'plain.db');
		spawnSync('age', ['--decrypt', '-i', id, '-o', plain, backupFile()]);
		expect(isOurs(plain)).toBe(true);
		const again = join(place.folder, 'again.age');
		spawnSync('age', ['-r', made, '-o', again, plain]);
		await place.stop();
		const words = ['restore', again, '--identity', id, '--replace'];
		expect(await place.admin(words)).toMatchObject({ code: 0 });
		await place.start();
		expect(await readsAt(place, person)).toBe(true);
	});
});

describe('a restore', () => {
	test('is refused while a server runs', async () => {
		const file = await backUp();
		for (const words of [[], ['--replace']]) {
			const { code, err } = await place.admin(['restore', file, ...opening, ...words]);
			expect([code, err]).toEqual([3, expect.stringContaining('stop it first')]);
		}
		expect(await readsAt(place, person)).toBe(true);
	});

	test('is refused while a server runs that has no door', async () => {
		const file = await backUp();
		await place.stop();
		writeFileSync(data(place, 'admin.sock'), '');
		await place.start();
		const { code, err } = await place.admin(['restore', file, ...opening, '--replace']);
		expect([code, err]).toEqual([3, expect.stringContaining('stop it first')]);
	});

	test('is refused where there is a database, and with --replace keeps it aside, whole', async () => {
		const file = await backUp();
		const later = secret();
		await person.commit(person.commitOf({ secrets: [later] }));
		// What was acknowledged last stands in the log beside the database only.
		await place.kill();
		expect(existsSync(data(place, 'keyhold.db-wal'))).toBe(true);
		const refused = await place.admin(['restore', file, ...opening]);
		expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('--replace')]);
		const restored = await place.admin(['restore', file, ...opening, '--replace', '--json']);
		const { replaced } = JSON.parse(restored.out) as { replaced: string };
		expect(replaced).toMatch(/keyhold\.db\.replaced-/);
		const keys = async () => {
			const [account] = (await place.json(['accounts']))['accounts'] as { keys: number }[];
			return account?.keys;
		};
		expect(await keys()).toBe(1);
		await place.start();
		expect(await readsAt(place, person)).toBe(true);
		await place.stop();
		// The way back: what was kept is a copy like any other.
		expect((await place.admin(['restore', replaced, '--replace'])).code).toBe(0);
		expect(await keys()).toBe(2);
		expect(await place.json(['check'])).toMatchObject({ code: 0, findings: [] });
	});

	test.runIf(process.getuid?.() === 0)(
		'by root leaves the database to the server’s user',
		async () => {
			const NOBODY = 65_534;
			const file = await backUp();
			await place.stop();
			const folder = data(place, '.');
			for (const name of ['.', ...readdirSync(folder)])
				chownSync(join(folder, name), NOBODY, NOBODY);
			expect((await place.admin(['restore', file, ...opening, '--replace'])).code).toBe(0);
			const { uid, gid } = statSync(data(place, 'keyhold.db'));
			expect([uid, gid]).toEqual([NOBODY, NOBODY]);
		}
	);

	test('takes the place of a database that is damaged', async () => {
		const file = await backUp();
		await place.stop();
		writeFileSync(data(place, 'keyhold.db'), randomBytes(8_192));
		expect(await place.admin(['restore', file, ...opening, '--replace'])).toMatchObject({
			code: 0
		});
		await place.start();
		expect(await readsAt(place, person)).toBe(true);
	});

	test('is refused for a backup that a newer version made, and over a database of one', async () => {
		const file = await backUp();
		await place.stop();
		const newer = "insert into __drizzle_migrations (hash, created_at) values ('x', 9999999999999)";
		await change(data(place, 'keyhold.db'), newer);
		const over = await place.admin(['restore', file, ...opening, '--replace']);
		expect([over.code, over.err]).toEqual([3, expect.stringContaining('A newer version')]);
		bringSecrets();
		const from = await other.admin(['restore', data(place, 'keyhold.db')]);
		expect([from.code, from.err]).toEqual([3, expect.stringContaining('A newer version')]);
		expect(readdirSync(data(other))).not.toContain('keyhold.db');
	});

	test('takes a plain copy, such as the one from before an upgrade', async () => {
		await place.stop();
		bringSecrets();
		const copy = join(other.folder, 'plain.db');
		copyFileSync(data(place, 'keyhold.db'), copy);
		expect(await other.admin(['restore', copy])).toMatchObject({ code: 0 });
		await other.start();
		expect(await readsAt(other, person)).toBe(true);
	});

	test.each<[string, number, RegExp, (file: string) => void]>([
		[
			'that was cut',
			2,
			/cut or changed/,
			(file) => {
				truncateSync(file, statSync(file).size - 1);
			}
		],
		[
			'that was cut at a chunk',
			2,
			/cut or changed/,
			(file) => {
				truncateSync(file, 65_536);
			}
		],
		[
			'with something behind it',
			2,
			/cut or changed/,
			(file) => {
				appendFileSync(file, 'x');
			}
		],
		[
			'that is no backup',
			2,
			/is no backup/,
			(file) => {
				writeFileSync(file, 'hello');
			}
		],
		[
			'that is empty',
			2,
			/is no backup/,
			(file) => {
				writeFileSync(file, '');
			}
		],
		[
			'with a flipped bit',
			2,
			/cut or changed/,
			(file) => {
				const bytes = readFileSync(file);
				bytes[100_000] = (bytes[100_000] ?? 0) ^ 1;
				writeFileSync(file, bytes);
			}
		]
	])('of a file %s changes nothing', async (_what, code, sentence, spoil) => {
		const file = await backUp();
		spoil(file);
		bringSecrets();
		const ran = await other.admin(['restore', file, ...opening]);
		expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(sentence)]);
		expect(ran.err).not.toMatch(/^\s+at /m);
		expect(readdirSync(data(other)).sort()).toEqual(
			ran.err.includes('no backup') ? ['secrets.env'] : ['keyhold.lock', 'secrets.env']
		);
	});

	test('of a file that takes too much work changes nothing', async () => {
		const file = await backUpUnderPassphrase();
		writeFileSync(file, readFileSync(file, 'latin1').replace(' 18\n', ' 30\n'), 'latin1');
		bringSecrets();
		const ran = await other.admin(['restore', file], GIVEN);
		expect([ran.code, ran.err]).toEqual([2, expect.stringMatching(/more memory/)]);
		expect(readdirSync(data(other))).toEqual(['secrets.env']);
	});

	test('with another passphrase, or other keys, changes nothing and says which it is', async () => {
		const file = await backUpUnderPassphrase();
		bringSecrets();
		const wrong = await other.admin(['restore', file], {
			KEYHOLD_BACKUP_PASSPHRASE: 'not this one'
		});
		expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('does not open')]);
		const key = randomBytes(32).toString('base64url');
		const keys = await other.admin(['restore', file], { ...GIVEN, ENCRYPTION_KEYS: key });
		expect([keys.code, keys.err]).toEqual([3, expect.stringContaining('none of these keys')]);
		expect(readdirSync(data(other)).sort()).toEqual(['keyhold.lock', 'secrets.env']);
	});

	test('of a database that is not of Keyhold, or damaged inside, is refused', async () => {
		const foreign = join(other.folder, 'foreign.db');
		await change(foreign, 'create table notes (text)');
		bringSecrets();
		const ran = await other.admin(['restore', foreign]);
		expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('not one of Keyhold')]);
		await place.stop();
		const damaged = join(other.folder, 'damaged.db');
		const bytes = readFileSync(data(place, 'keyhold.db'));
		bytes.fill(0xff, 8_192, bytes.length - 4_096);
		writeFileSync(damaged, bytes);
		const broken = await other.admin(['restore', damaged]);
		expect([broken.code, broken.err]).toEqual([2, expect.stringContaining('damaged')]);
		expect(existsSync(data(other, 'keyhold.db'))).toBe(false);
	});

	test('needs what its backup was made for', async () => {
		const file = await backUpUnderPassphrase();
		bringSecrets();
		const identity = await other.admin(['restore', file, '--identity', 'id']);
		expect([identity.code, identity.err]).toEqual([2, expect.stringContaining('passphrase')]);
		await place.admin(['backup', 'for.age', '--recipient', recipient]);
		const without = await other.admin(['restore', join(place.folder, 'for.age')]);
		expect([without.code, without.err]).toEqual([2, expect.stringContaining('--identity')]);
		writeFileSync(join(other.folder, 'id'), 'no identity\n');
		const none = await other.admin(['restore', join(place.folder, 'for.age'), '--identity', 'id']);
		expect([none.code, none.err]).toEqual([2, expect.stringContaining('holds no identity')]);
	});
});
