import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armor, generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AgeError, decryptBackup, encryptBackup, FILE_BYTES_MAX } from '#lib/backup/age.ts';
import { concat, equal, fromUtf8, utf8, type Bytes } from '#lib/encoding/bytes.ts';

/** 1 MiB instead of 256: these tests are about the format. */
const QUICK = 10;
const PASSPHRASE = 'correct horse bättery staple';
const PLAIN = utf8('{"v":1}');

async function codeOf(file: Uint8Array, passphrase = PASSPHRASE): Promise<string> {
	try {
		return (await decryptBackup(file, passphrase)).outcome;
	} catch (error) {
		if (error instanceof AgeError) return error.code;
		throw error;
	}
}

function headerWith(stanza: string): Bytes {
	return utf8(`age-encryption.org/v1\n${stanza}\n${'A'.repeat(43)}\n--- ${'A'.repeat(43)}\n`);
}

describe('decryptBackup', () => {
	let file: Bytes;
	beforeAll(async () => {
		file = await encryptBackup(PLAIN, { passphrase: PASSPHRASE }, QUICK);
	});

	test.each([0, 1, 65_535, 65_536, 65_537, 200_000])('gives %i bytes back', async (length) => {
		const plain = new Uint8Array(length).map((_, index) => index % 251);
		const encrypted = await encryptBackup(plain, { passphrase: PASSPHRASE }, QUICK);
		const opened = await decryptBackup(encrypted, PASSPHRASE);
		expect(opened.outcome === 'decrypted' && equal(opened.plain, plain)).toBe(true);
	});

	test('answers a wrong passphrase, and takes the right one as it was typed', async () => {
		expect(await codeOf(file, 'other')).toBe('wrong-passphrase');
		expect(await codeOf(file, PASSPHRASE.normalize('NFD'))).toBe('wrong-passphrase');
		expect(await codeOf(file, ` ${PASSPHRASE}`)).toBe('wrong-passphrase');
	});

	test('reads an armored file', async () => {
		expect(await codeOf(utf8(armor.encode(file)))).toBe('decrypted');
	});

	test('reads an armored file that an editor put a byte order mark before', async () => {
		expect(await codeOf(utf8(`\uFEFF${armor.encode(file)}`))).toBe('decrypted');
	});

	test('never opens a file that was cut, wherever', async () => {
		for (let length = 0; length < file.length; length++) {
			expect(['not-age', 'damaged']).toContain(await codeOf(file.subarray(0, length)));
		}
	});

	test('never opens a file in which a bit was flipped, wherever', async () => {
		for (let index = 0; index < file.length; index++) {
			const flipped = file.slice();
			flipped[index] = (flipped[index] ?? 0) ^ 1;
			expect(await codeOf(flipped)).not.toBe('decrypted');
		}
	});

	test('never opens a file with something behind it', async () => {
		expect(await codeOf(concat(file, new Uint8Array(1)))).toBe('damaged');
	});

	test.each([21, 30, 62, 9_999])('refuses work factor %i before any work', async (factor) => {
		const stanza = `-> scrypt ${'A'.repeat(22)} ${factor}`;
		expect(await codeOf(headerWith(stanza))).toBe('too-much-work');
	});

	test.each([
		['nothing', new Uint8Array(0)],
		['a text', utf8('hello')],
		['JSON', utf8('{"v":1}')],
		['another version', utf8('age-encryption.org/v2\n')],
		['a work factor that is no number', headerWith(`-> scrypt ${'A'.repeat(22)} 1e1`)],
		['a work factor of 0', headerWith(`-> scrypt ${'A'.repeat(22)} 0`)],
		['a work factor beyond counting', headerWith(`-> scrypt ${'A'.repeat(22)} 99999999`)],
		['a salt of another length', headerWith(`-> scrypt ${'A'.repeat(21)} 10`)],
		['an unknown stanza', headerWith('-> grease x')]
	])('says of %s that it is no age file under a passphrase', async (_what, bytes) => {
		expect(await codeOf(bytes)).toBe('not-age');
	});

	test('asks for an identity to a file for a recipient', async () => {
		const recipient = await identityToRecipient(await generateIdentity());
		const file = await encryptBackup(PLAIN, { recipients: [recipient] });
		expect(await codeOf(file)).toBe('age-identity');
	});

	test('opens a file for recipients with the identity of any of them, and of nobody else', async () => {
		const [one, two, other] = await Promise.all([1, 2, 3].map(() => generateIdentity()));
		if (one === undefined || two === undefined || other === undefined) throw new Error('none');
		const recipients = [await identityToRecipient(one), await identityToRecipient(two)] as const;
		const file = await encryptBackup(PLAIN, { recipients });
		for (const identity of [one, `# created: today\n${two}\n`, two.toLowerCase()]) {
			expect(await decryptBackup(file, identity)).toEqual({ outcome: 'decrypted', plain: PLAIN });
		}
		expect(await decryptBackup(file, other)).toEqual({ outcome: 'wrong-passphrase' });
	});

	test('says of an identity with a slip in it that it is none', async () => {
		const identity = await generateIdentity();
		const recipient = await identityToRecipient(identity);
		const file = await encryptBackup(PLAIN, { recipients: [recipient] });
		const slip = identity.replace(/.$/, (last) => (last === 'Q' ? 'P' : 'Q'));
		const opened = decryptBackup(file, slip);
		await expect(opened).rejects.toMatchObject({ code: 'age-identity' });
	});

	test('refuses armor that was changed', async () => {
		const text = armor.encode(file);
		expect(await codeOf(utf8(text.replace(/\n(.)/, '\n!')))).toBe('damaged');
	});

	test('refuses a file of more than 50 MiB without a look at it', async () => {
		expect(await codeOf(new Uint8Array(FILE_BYTES_MAX + 1))).toBe('file-too-large');
		expect(await codeOf(new Uint8Array(FILE_BYTES_MAX))).toBe('not-age');
	});
});

describe('encryptBackup', () => {
	test('refuses what is no recipient', async () => {
		const recipient = await identityToRecipient(await generateIdentity());
		const slip = recipient.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'));
		for (const wrong of ['age1', slip, 'ssh-ed25519 AAAA']) {
			const sealing = encryptBackup(PLAIN, { recipients: [recipient, wrong] });
			await expect(sealing).rejects.toMatchObject({ code: 'age-recipient' });
		}
	});

	test('refuses what it could not read again', async () => {
		await expect(
			encryptBackup(new Uint8Array(FILE_BYTES_MAX), { passphrase: PASSPHRASE })
		).rejects.toThrow(AgeError);
	});

	test('makes another file of the same content each time', async () => {
		const [one, other] = [
			await encryptBackup(PLAIN, { passphrase: PASSPHRASE }, QUICK),
			await encryptBackup(PLAIN, { passphrase: PASSPHRASE }, QUICK)
		];
		expect(one).not.toEqual(other);
	});
});

const AGE_MISSING = spawnSync('age', ['--version']).error !== undefined;
if (AGE_MISSING) process.stderr.write('The program age is not installed: 3 tests are skipped.\n');

describe.skipIf(AGE_MISSING)('the standard age program', () => {
	const folder = mkdtempSync(join(tmpdir(), 'keyhold-age-'));
	const plainFile = join(folder, 'plain');
	const ageFile = join(folder, 'file.age');
	afterAll(() => {
		rmSync(folder, { recursive: true });
	});

	test('opens ours', { timeout: 60_000 }, async () => {
		writeFileSync(ageFile, await encryptBackup(utf8('made here'), { passphrase: PASSPHRASE }));
		await typeInto(`age --decrypt --output ${plainFile} ${ageFile}`, PASSPHRASE);
		expect(readFileSync(plainFile, 'utf8')).toBe('made here');
	});

	test('opens what we seal for its recipient, and seals what its identity opens here', async () => {
		const identityFile = join(folder, 'identity');
		execFileSync('age-keygen', ['-o', identityFile], { stdio: 'ignore' });
		const recipient = execFileSync('age-keygen', ['-y', identityFile]).toString().trim();
		writeFileSync(ageFile, await encryptBackup(utf8('for you'), { recipients: [recipient] }));
		const opened = execFileSync('age', ['--decrypt', '-i', identityFile, ageFile]);
		expect(opened.toString()).toBe('for you');
		const theirs = execFileSync('age', ['-r', recipient], { input: 'from there' });
		const here = await decryptBackup(new Uint8Array(theirs), readFileSync(identityFile, 'utf8'));
		expect(here.outcome === 'decrypted' && fromUtf8(here.plain)).toBe('from there');
	});

	test('makes files that we open', { timeout: 60_000 }, async () => {
		writeFileSync(plainFile, 'made there');
		await typeInto(`age --passphrase --armor --output ${ageFile} ${plainFile}`, PASSPHRASE);
		const opened = await decryptBackup(readFileSync(ageFile), PASSPHRASE);
		expect(opened.outcome === 'decrypted' && fromUtf8(opened.plain)).toBe('made there');
	});
});

/** Runs `command` on a terminal, which is where age asks, and types `line` at every question. */
async function typeInto(command: string, line: string): Promise<void> {
	const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
		stdio: ['pipe', 'pipe', 'inherit']
	});
	let asked = 0;
	let shown = '';
	child.stdout.on('data', (chunk: Buffer) => {
		shown += chunk.toString();
		const questions = shown.match(/assphrase[^\n]*: /g)?.length ?? 0;
		for (; asked < questions; asked++) child.stdin.write(`${line}\n`);
	});
	const status = await new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (status !== 0) throw new Error(`age answered ${String(status)}: ${shown}`);
}
