/**
 * `node bench/peers/kdbx.js FILE COMMAND [NUMBER]`: a KeePass file through kdbxweb, under the costs of
 * the product's first profile and with the same Argon2id. `make` writes a file with so many entries,
 * `list` prints the names, `add` adds one, `read` prints the value of one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { argon2id } from './argon2.js';

const MEMORY_KIB = 64 * 1024;
const PASSES = 3;
const KIB = 1024;

/** Installed in this folder, if at all: its types are not there. */
const kdbx = createRequire(import.meta.url)('kdbxweb');
const [file = '', command = '', number = '0'] = process.argv.slice(2);
const { BENCH_PASSWORD: password = '' } = process.env;
const text = kdbx.ProtectedValue.fromString;

kdbx.CryptoEngine.setArgon2Impl(derive);
const credentials = new kdbx.Credentials(text(password));

if (command === 'make') {
	const made = kdbx.Kdbx.create(credentials, 'bench');
	made.setKdf(kdbx.Consts.KdfId.Argon2id);
	const { kdfParameters } = made.header;
	const { ValueType } = kdbx.VarDictionary;
	kdfParameters.set('M', ValueType.UInt64, kdbx.Int64.from(MEMORY_KIB * KIB));
	kdfParameters.set('I', ValueType.UInt64, kdbx.Int64.from(PASSES));
	kdfParameters.set('P', ValueType.UInt32, 1);
	for (const line of readFileSync(0, 'utf8').trimEnd().split('\n')) addTo(made, JSON.parse(line));
	await save(made);
} else {
	const bytes = readFileSync(file);
	const opened = await kdbx.Kdbx.load(new Uint8Array(bytes).buffer, credentials);
	if (command === 'list') {
		const names = [...opened.getDefaultGroup().allEntries()].map(({ fields }) =>
			fields.get('Title')
		);
		process.stdout.write(names.join('\n') + '\n');
	} else if (command === 'add') {
		addTo(opened, JSON.parse(readFileSync(0, 'utf8')));
		await save(opened);
	} else {
		for (const { fields } of opened.getDefaultGroup().allEntries()) {
			if (fields.get('Title') !== `Service ${number} main`) continue;
			process.stdout.write(`${fields.get('Password').getText()}\n`);
		}
	}
}

/**
 * @param {any} database
 * @param {{ name: string; value: string; url: string; note: string; tags: string[] }} key
 */
function addTo(database, { name, value, url, note, tags }) {
	const entry = database.createEntry(database.getDefaultGroup());
	entry.fields.set('Title', name);
	entry.fields.set('Password', text(value));
	entry.fields.set('URL', url);
	entry.fields.set('Notes', note);
	entry.tags = tags;
}

/** @param {any} database */
async function save(database) {
	writeFileSync(file, new Uint8Array(await database.save()));
}

/**
 * @param {ArrayBuffer} key
 * @param {ArrayBuffer} salt
 * @param {number} memoryKiB
 * @param {number} passes
 * @param {number} _length
 * @param {number} lanes
 */
async function derive(key, salt, memoryKiB, passes, _length, lanes) {
	const cost = { memoryKiB, passes, lanes };
	return (await argon2id(new Uint8Array(key), new Uint8Array(salt), cost)).buffer;
}
