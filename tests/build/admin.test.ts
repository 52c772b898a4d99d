/** The host's command as it is typed: with a server on the data, and with none. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withSecondFactor } from '../server/code-app.ts';
import { secret, secretsOf, sheet, type Person } from '../server/person.ts';
import { Place, PROGRAM } from './admin-command.ts';

const KEY = /^ENCRYPTION_KEYS=(.*)$/m;

let place: Place;

async function sql(text: string): Promise<void> {
	const client = createClient({ url: `file:${join(place.folder, 'data', 'keyhold.db')}` });
	await client.execute(text);
	client.close();
}

describe.each([['a server runs'], ['no server runs']])('where %s', (state) => {
	const runs = state === 'a server runs';
	let ada: Person;

	beforeEach(async () => {
		place = await Place.open();
		ada = await place.someone('ada@example.org');
		await ada.commit(ada.commitOf({ sheets: [sheet()], secrets: [secret(), secret()] }));
	});

	afterEach(async () => {
		await place.remove();
	});

	/** What came before was done on a server; from here on there may be none. */
	async function settle(): Promise<void> {
		if (!runs) await place.stop();
	}

	async function serve(): Promise<void> {
		if (place.server === undefined) await place.start();
	}

	test('accounts lists them, for a person and for a program', async () => {
		await place.someone('bob@example.org');
		await settle();
		const { code, out } = await place.admin(['accounts']);
		expect(code).toBe(0);
		expect(out).toMatch(/^EMAIL +CREATED +SESSIONS +2ND FACTOR +KEYS +SIZE$/m);
		expect(out).toMatch(/^ada@example\.org +\d{4}-\d\d-\d\d +1 +off +2 +[\d.]+ KB$/m);
		expect(await place.json(['accounts'])).toMatchObject({
			code: 0,
			ok: true,
			accounts: [
				{ email: 'ada@example.org', sessions: 1, secondFactor: false, keys: 2 },
				{ email: 'bob@example.org', sessions: 1, secondFactor: false, keys: 0 }
			]
		});
	});

	test('invite prints a link and until when it is good', async () => {
		await settle();
		const { code, out } = await place.admin(['invite', 'bob@example.org']);
		expect(code).toBe(0);
		const url = `${place.origin.replaceAll('.', '\\.')}/register#invite=[\\w-]{43}`;
		expect(out).toMatch(new RegExp(`^${url}$`, 'm'));
		expect(out).toMatch(/once, until \d{4}-\d\d-\d\dT/);
		const { expiresAt, url: link } = await place.json(['invite', 'bob@example.org']);
		expect(Date.parse(String(expiresAt))).toBeGreaterThan(Date.now());
		expect(link).toMatch(new RegExp(`^${url}$`));
	});

	test('setup-code says that none is needed once there is an account', async () => {
		await settle();
		expect((await place.admin(['setup-code'])).out).toContain('None is needed');
		expect(await place.json(['setup-code'])).toEqual({ ok: true, setupCode: null, code: 0 });
	});

	test('disable-second-factor lets the password alone sign in', async () => {
		await withSecondFactor(ada, { ahead: 0 });
		await settle();
		const { code, out } = await place.admin(['disable-second-factor', 'ADA@example.org']);
		expect([code, out]).toEqual([0, expect.stringContaining('is off')]);
		expect(await place.json(['disable-second-factor', 'ada@example.org'])).toMatchObject({
			wasOn: false
		});
		await serve();
		expect((await ada.send('/api/v1/account')).status).toBe(401);
		await ada.signIn();
	});

	test('end-sessions signs the account out everywhere, and says of how many sessions', async () => {
		await settle();
		expect(await place.json(['end-sessions', 'ADA@example.org'])).toMatchObject({
			ok: true,
			ended: 1,
			code: 0
		});
		await serve();
		expect((await ada.send('/api/v1/account')).status).toBe(401);
		await ada.signIn();
		await settle();
		const { code, out } = await place.admin(['end-sessions', 'ada@example.org']);
		expect([code, out]).toEqual([0, expect.stringContaining('were ended: 1.')]);
		const nobody = await place.json(['end-sessions', 'nobody@example.org']);
		expect(nobody).toMatchObject({ ok: false, code: 2 });
	});

	test('delete-account erases, if it is meant', async () => {
		await settle();
		const unsure = await place.admin(['delete-account', 'ada@example.org']);
		expect([unsure.code, unsure.err]).toEqual([2, expect.stringContaining('--yes')]);
		expect((await place.admin(['accounts'])).out).toContain('ada@');
		expect(await place.json(['delete-account', 'ada@example.org', '--yes'])).toMatchObject({
			ok: true,
			deleted: true
		});
		expect((await place.admin(['accounts'])).out).toContain('There is no account');
	});

	test('delete-account asks for the email on a terminal', async () => {
		await settle();
		const ask = async (line: string) =>
			await place.onTerminal(['delete-account', 'ada@example.org'], [line]);
		const other = await ask('bob@example.org');
		expect([other.code, other.out]).toEqual([2, expect.stringContaining('nothing was deleted')]);
		expect((await ask('ada@example.org')).code).toBe(0);
		expect((await place.admin(['accounts'])).out).toContain('There is no account');
	});

	test('check passes what the server wrote, and finds what was changed', async () => {
		await settle();
		expect(await place.json(['check'])).toMatchObject({ code: 0, accounts: 1, findings: [] });
		await sql('update vaults set secret_count = 7');
		await sql('update secrets set blob = zeroblob(400)');
		const { code, out } = await place.admin(['check']);
		expect(code).toBe(1);
		expect(out).toMatch(/^secrets .+: blob does not open$/m);
		expect(out).toMatch(/^vaults .+: counts 7 secrets, and there are 2$/m);
		// And the vault's bytes and the account's keys, which agree with neither any more.
		const { findings } = await place.json(['check']);
		expect(findings).toHaveLength(5);
	});

	test('rotate-keys moves everything to the new key, and says which may go', async () => {
		const secrets = join(place.folder, 'data', 'secrets.env');
		const old = KEY.exec(readFileSync(secrets, 'utf8'))?.[1] ?? '';
		const fresh = randomBytes(32).toString('base64url');
		await place.stop();
		place.variables['ENCRYPTION_KEYS'] = `${fresh},${old}`;
		if (runs) await place.start();
		const reply = await place.json(['rotate-keys']);
		expect(reply).toMatchObject({ code: 0, ok: true, unopened: 0 });
		expect(reply['rewrapped']).toBeGreaterThan(10);
		expect(reply['removable']).toHaveLength(1);
		const again = await place.admin(['rotate-keys']);
		expect(again.out).toContain('0 were wrapped again');
		expect(again.out).toContain('May be removed from ENCRYPTION_KEYS');
		await place.stop();
		place.variables['ENCRYPTION_KEYS'] = fresh;
		await place.start();
		expect((await ada.getAccount()).email).toBe('ada@example.org');
		expect(await place.json(['check'])).toMatchObject({ code: 0, findings: [] });
	});

	test('an email that is none, or of nobody, is told as that', async () => {
		await settle();
		for (const command of ['disable-second-factor', 'end-sessions', 'delete-account']) {
			const words = command === 'delete-account' ? ['--yes'] : [];
			const none = await place.admin([command, 'ada', ...words]);
			expect([none.code, none.err.trim()]).toEqual([2, 'Email needs exactly one @.']);
			const nobody = await place.admin([command, 'nobody@example.org', ...words]);
			expect([nobody.code, nobody.err.trim()]).toEqual([2, 'No account has that email.']);
		}
		const taken = await place.json(['invite', 'ada@example.org']);
		expect(taken).toEqual({
			ok: false,
			code: 2,
			message: 'That email has an account already.'
		});
	});
});

describe('the first account of a server for others', () => {
	test('needs the code that the log and setup-code say', async () => {
		place = await Place.empty();
		place.variables['ORIGIN'] = 'https://keys.example.org';
		await place.start();
		const { out } = await place.admin(['setup-code']);
		expect(out).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}\n$/);
		expect(place.server?.output()).toContain(out.trim());
		await place.stop();
		expect((await place.admin(['setup-code'])).out).toBe(out);
		await place.remove();
	});
});

describe('words that are no command', () => {
	beforeAll(async () => {
		place = await Place.empty();
	});

	afterAll(async () => {
		await place.remove();
	});

	test.each([
		[[], 'Which command?'],
		[['acounts'], 'There is no command “acounts”'],
		[['constructor'], 'There is no command'],
		[['invite'], 'invite needs an email'],
		[['invite', ''], 'invite needs an email'],
		[['backup'], 'backup needs a file'],
		[['accounts', 'ada'], 'does not know what to do with “ada”'],
		[['invite', 'a@b.c', 'd@e.f'], 'does not know what to do with “d@e.f”'],
		[['accounts', '--wat'], 'Unknown option'],
		[['accounts', '--yes'], 'accounts takes no --yes'],
		[['check', '--recipient', 'age1'], 'check takes no --recipient'],
		[['backup', 'x.age', '--recipient'], 'argument missing'],
		[['accounts', '--json=yes'], 'does not take an argument'],
		[['backup', 'x.age'], 'There is no terminal to ask for a passphrase on'],
		[['backup', 'x.age', '--recipient', 'ada'], '“ada” is no recipient'],
		[['backup', 'x.age', '--recipient', 'age1x', '--passphrase-file', 'p'], 'Either'],
		[['backup', 'x.age', '--passphrase-file', 'missing'], 'Cannot read missing'],
		[['restore', 'missing.age'], 'Cannot read']
	])('%j are told as that', async (words, sentence) => {
		const { code, err } = await place.admin(words);
		expect(code).toBe(2);
		expect(err).toContain(sentence);
		expect(err).not.toMatch(/^\s+at /m);
		expect(existsSync(join(place.folder, 'data'))).toBe(false);
	});

	test('a short passphrase is refused', async () => {
		const short = await place.admin(['backup', 'x.age'], { KEYHOLD_BACKUP_PASSPHRASE: 'short' });
		expect([short.code, short.err]).toEqual([2, expect.stringContaining('12 characters')]);
	});

	test('what is said to nobody ends without a word', () => {
		const words = ['-c', '"$0" "$1" --help | true', process.execPath, PROGRAM];
		// Whether it writes before or after its reader is gone is chance; it must not matter.
		for (let n = 0; n < 5; n++) {
			expect(spawnSync('sh', words, { encoding: 'utf8' }).stderr).toBe('');
		}
	});

	test('--help says what there is, and of each command what it takes', async () => {
		const { code, out } = await place.admin(['--help']);
		expect(code).toBe(0);
		const commands = [...out.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
		expect(commands).toHaveLength(10);
		for (const command of commands) {
			const help = await place.admin([command, '--help']);
			expect([help.code, help.out]).toEqual([0, expect.stringContaining(`admin -- ${command}`)]);
			expect(help.out).toContain('Exit codes');
		}
	});
});

describe('without a database', () => {
	beforeEach(async () => {
		place = await Place.empty();
	});

	afterEach(async () => {
		await place.remove();
	});

	test.each(['accounts', 'check', 'rotate-keys', 'setup-code'])(
		'%s makes none',
		async (command) => {
			const key = randomBytes(32).toString('base64url');
			const { code, err } = await place.admin([command], { ENCRYPTION_KEYS: key });
			expect([code, err]).toEqual([3, expect.stringContaining('There is no database at')]);
			expect(existsSync(join(place.folder, 'data'))).toBe(false);
		}
	);

	test('says what of the environment is missing, and makes no secrets', async () => {
		const { code, err } = await place.admin(['accounts']);
		expect([code, err]).toEqual([3, expect.stringContaining('ENCRYPTION_KEYS: must be set')]);
		expect(existsSync(join(place.folder, 'data'))).toBe(false);
	});
});

describe('a server that cannot be asked', () => {
	afterEach(async () => {
		await place.remove();
	});

	test('whose keys are others is told by its sentence', async () => {
		place = await Place.open();
		await place.stop();
		const key = randomBytes(32).toString('base64url');
		const { code, err } = await place.admin(['accounts'], { ENCRYPTION_KEYS: key });
		expect([code, err.trim()]).toEqual([
			3,
			'ENCRYPTION_KEYS: none of these keys was ever used with this database.'
		]);
	});

	test('that runs without a door keeps its database to itself', async () => {
		place = await Place.open();
		await place.stop();
		writeFileSync(join(place.folder, 'data', 'admin.sock'), '');
		await place.start();
		const { code, err } = await place.admin(['accounts']);
		expect([code, err]).toEqual([3, expect.stringContaining('Another process is using')]);
	});

	test('needs no key from whoever asks it', async () => {
		place = await Place.open();
		const reply = await place.admin(['check'], { ENCRYPTION_KEYS: 'not the key', ORIGIN: '' });
		expect(reply.code).toBe(0);
	});

	test('that others of the machine could reach too is not reached, and the command says where to look', async () => {
		place = await Place.open();
		await place.stop();
		chmodSync(join(place.folder, 'data'), 0o755);
		await place.start();
		const { code, err } = await place.admin(['check']);
		expect(code).toBe(3);
		expect(err).toContain('its log says why this command does not reach it');
	});

	test('that is killed while it is asked is told as that', async () => {
		place = await Place.open();
		const person = await place.someone();
		for (let n = 0; n < 20; n++) {
			const secrets = Array.from({ length: 200 }, () => secret());
			await person.commit(person.commitOf({ secrets }));
		}
		const asked = place.admin(['check']);
		await new Promise((resolve) => setTimeout(resolve, 50));
		await place.kill();
		const { code, err } = await asked;
		// It ends well, if it was quicker.
		if (code !== 0) expect([code, err]).toEqual([3, expect.stringMatching(/server|database/)]);
		const [first] = (await place.json(['accounts']))['accounts'] as { keys: number }[];
		expect(first?.keys).toBe(4_000);
	});
});

test('commits go on while everything is wrapped again by a command that is killed, and one that is not', async () => {
	place = await Place.open();
	const person = await place.someone();
	const kept: { item: string; blob: Uint8Array }[] = [];
	const commit = async (length: number) => {
		const secrets = Array.from({ length }, () => secret());
		expect((await person.commit(person.commitOf({ secrets }))).outcome).toBe('stored');
		kept.push(...secrets);
	};
	for (let n = 0; n < 10; n++) await commit(500);
	const old = KEY.exec(readFileSync(join(place.folder, 'data', 'secrets.env'), 'utf8'))?.[1] ?? '';
	const fresh = randomBytes(32).toString('base64url');
	await place.stop();
	place.variables['ENCRYPTION_KEYS'] = `${fresh},${old}`;
	await place.start();
	for (let n = 0; n < 3; n++) {
		const child = place.spawnAdmin(['rotate-keys']);
		const ended = new Promise((resolve) => child.once('close', resolve));
		await new Promise((resolve) => setTimeout(resolve, 250 + 100 * n));
		child.kill('SIGKILL');
		await ended;
		await commit(50);
	}
	const rotating = place.json(['rotate-keys']);
	for (let n = 0; n < 10; n++) await commit(10);
	expect(await rotating).toMatchObject({ code: 0, unopened: 0 });
	await place.stop();
	place.variables['ENCRYPTION_KEYS'] = fresh;
	await place.start();
	expect(await place.json(['check'])).toMatchObject({ code: 0, findings: [] });
	for (const { item, blob } of [...kept.slice(0, 5), ...kept.slice(-5)]) {
		const { secrets } = await secretsOf(await person.readSecrets([item]));
		expect(secrets[0]?.blob).toEqual(blob);
	}
	await place.remove();
});
