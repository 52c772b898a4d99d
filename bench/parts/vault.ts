/**
 * A vault in Node, through the product's keyholder: from the bytes of the last answer to the list,
 * cold and after one change of another device; adding, editing and copying one key.
 *
 * Beside opening: `JSON.parse` of the same sheets as text, which anyone has to do; the same way with
 * nothing but the platform's own calls and no look at anything, which is the least that it can take; and
 * the way of a vault whose keys are sealed one by one, with one call of WebCrypto for each.
 */
import { SealedSecret } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { open, seal, sealingKey } from '#lib/crypto/seal.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { readOverview } from '#lib/items/unreadable.ts';
import type { KeyRow, SaveResult } from '#lib/keyholder/views.ts';
import { readJson } from '#lib/protocol/json.ts';
import { removeFolder } from '../../tests/server-process.ts';
import { Device } from '../device.ts';
import { inTurns, millisecondsOf, quantile, record, recordBeside } from '../figures.ts';
import { keyEdit } from '../keys.ts';
import { wideServer } from '../wide-server.ts';

const SIZES = [1_000, 10_000, 20_000];
/** The goals are of this one. */
const GOALS_AT = 10_000;
const OPENINGS = 16;
const CHANGES = 16;
const COPIES = 100;
const COPY_ROUNDS = 6;
const SHEET_KEYS = 64;
const HASH_CHARACTERS = 43;
const PAGE_BYTES = 4_096;
const JSON_PARSE = 'JSON.parse of the same sheets';
/** What an overview of this size takes when it is sealed alone. */
const ALONE_BYTES = 768;
const CONTEXT = new Uint8Array(108);
const Records = z.array(SealedSecret);

const server = await wideServer({ LIMIT_ACCOUNT_KEYS: '1000000' });
try {
	for (const keys of SIZES) await measure(keys);
} finally {
	await server.stop();
	removeFolder(server.folder);
}

async function measure(keys: number): Promise<void> {
	const count = keys.toLocaleString('en');
	const email = `vault-${keys}@example.org`;
	const device = new Device(server.origin, email);
	// Those that are added while it is measured fit in: a vault has an end.
	const kept = keys - CHANGES;
	await device.settle(kept);
	const sheets = sheetTexts(device);
	const { key, answer } = await sealedAlone(sheets);
	const isGoal = keys === GOALS_AT;
	const unlooked = isGoal ? await sealedSheets(key, sheets) : undefined;
	const { opening, bare, parsing, single } = await inTurns(OPENINGS, {
		opening: () => openCold(email, kept),
		bare: unlooked && (() => millisecondsOf(() => openUnlooked(key, unlooked))),
		parsing: () =>
			millisecondsOf(() => {
				for (const text of sheets) JSON.parse(text);
			}),
		single: () => millisecondsOf(() => openEach(key, answer))
	});
	const cold = `from the bytes to the list, ${count} keys`;
	recordBeside(
		{ what: cold, unit: 'ms', ...(isGoal ? { goal: { atMost: 3 } } : {}) },
		opening,
		JSON_PARSE,
		parsing
	);
	if (isGoal) {
		const what = `the least: base64url, SHA-256, AES and JSON, no check, ${count} keys`;
		recordBeside({ what, unit: 'ms' }, bare, JSON_PARSE, parsing);
	}
	recordBeside(
		{
			what: `the same with each key sealed alone, ${count} keys`,
			unit: 'ms',
			...(isGoal ? { goal: { atLeast: 10 } } : {})
		},
		single,
		cold,
		opening
	);
	await measureChanges(device, count, isGoal);
}

/** From the last answer to the list that a page would show. */
async function openCold(email: string, keys: number): Promise<number> {
	const device = new Device(server.origin, email);
	await device.unlock();
	const rows = device.vault.keys.length;
	const took = performance.now() - device.answeredAt;
	if (rows < keys) throw new Error(`${rows} keys`);
	await device.keyholder.signOut();
	return took;
}

async function measureChanges(device: Device, count: string, isGoal: boolean): Promise<void> {
	const other = new Device(server.origin, device.email);
	await other.unlock();
	const { id, keys } = device.vault;
	let [row] = keys;
	const bytes: number[] = [];
	const { adding, editing, warm } = await inTurns(CHANGES, {
		adding: () => device.ownTimeOf(() => addOne(device, id)),
		editing: async () => {
			const took = await device.ownTimeOf(async () => (row = row && (await editOne(device, row))));
			bytes.push(device.sent / 1_000);
			return took;
		},
		warm: () => catchUp(other)
	});
	const goalOf = (atMost: number) => (isGoal ? { goal: { atMost } } : {});
	const ms = { unit: 'ms', ...goalOf(5) } as const;
	record({ what: `after one change, bytes to list, ${count} keys`, unit: 'ms' }, warm);
	record({ what: `adding one, without the server, ${count} keys`, ...ms }, adding);
	record({ what: `editing one, without the server, ${count} keys`, ...ms }, editing);
	record({ what: `sent for one edit, ${count} keys`, unit: 'kB', ...goalOf(64) }, bytes);
	const each: number[] = [];
	const slowest = await inTurns(COPY_ROUNDS, {
		copying: async () => {
			const samples = await copyMany(device);
			each.push(...samples);
			return quantile(samples, 0.95);
		}
	});
	const copy = `copying one, 95 of ${COPIES} are faster, without the server, ${count} keys`;
	record({ what: copy, ...ms }, slowest.copying);
	record({ what: `the same, half of them are faster, ${count} keys`, unit: 'ms' }, each);
	await other.keyholder.signOut();
	await device.keyholder.signOut();
}

let added = 1_000_000;

async function addOne(device: Device, vault: string): Promise<void> {
	await expectSaved(device.keyholder.save([keyEdit(vault, added++)]));
}

/** A new value: the secret and its sheet are sealed anew. Returns the row as it is then. */
async function editOne(device: Device, base: KeyRow): Promise<KeyRow> {
	const { overview, secret } = keyEdit(base.vault, added++);
	const saved = await expectSaved(
		device.keyholder.save([{ kind: 'change', base, overview, secret }])
	);
	return saved.keys[0] ?? base;
}

async function catchUp(other: Device): Promise<number> {
	await other.keyholder.refresh();
	return performance.now() - other.answeredAt;
}

async function copyMany(device: Device): Promise<readonly number[]> {
	const { id, keys } = device.vault;
	const samples: number[] = [];
	for (let turn = 0; turn < COPIES; turn++) {
		const item = keys[Math.floor((turn * keys.length) / COPIES)]?.item ?? '';
		const ref = { vault: id, item };
		samples.push(await device.ownTimeOf(() => device.keyholder.read(ref, 'copy')));
	}
	return samples;
}

async function expectSaved(saving: Promise<SaveResult>) {
	const saved = await saving;
	if (saved.outcome !== 'saved') throw new Error(saved.outcome);
	return saved;
}

/** The texts that are in the sealed sheets; a hash is as long as another. */
function sheetTexts(device: Device): string[] {
	const { keys } = device.vault;
	const entries = keys.map(({ item, revision, overview }) => ({
		id: item,
		revision,
		secretHash: 'h'.repeat(HASH_CHARACTERS),
		overview
	}));
	const sheets: string[] = [];
	for (let start = 0; start < entries.length; start += SHEET_KEYS) {
		sheets.push(JSON.stringify({ v: 1, items: entries.slice(start, start + SHEET_KEYS) }));
	}
	return sheets;
}

/** The key, and an answer of a server that keeps each overview as a record of its own. */
async function sealedAlone(sheets: readonly string[]) {
	const key = await sealingKey(randomBytes(32));
	const records: z.output<typeof SealedSecret>[] = [];
	for (const text of sheets) {
		const { items } = JSON.parse(text) as { items: { overview: unknown }[] };
		for (const { overview } of items) {
			const plain = utf8(JSON.stringify(overview).padEnd(ALONE_BYTES));
			const blob = await seal(key, CONTEXT, plain, randomBytes);
			records.push({ item: idText(randomBytes(16)), revision: 1, blob });
		}
	}
	return { key, answer: utf8(JSON.stringify(z.encode(Records, records))) };
}

/** The answer of a server with sheets of the same size as the product's. */
async function sealedSheets(key: CryptoKey, sheets: readonly string[]): Promise<Bytes> {
	const blobs: string[] = [];
	for (const text of sheets) {
		const plain = utf8(text.padEnd(Math.ceil(text.length / PAGE_BYTES) * PAGE_BYTES));
		blobs.push(encode(await seal(key, CONTEXT, plain, randomBytes)));
	}
	return utf8(JSON.stringify({ blobs }));
}

/** From the bytes to what `JSON.parse` makes of them, and nobody has looked at it. */
async function openUnlooked(key: CryptoKey, answer: Bytes): Promise<readonly unknown[]> {
	const { blobs } = JSON.parse(new TextDecoder().decode(answer)) as { blobs: string[] };
	return await Promise.all(
		blobs.map(async (text): Promise<unknown> => {
			const sealed = new Uint8Array(Buffer.from(text, 'base64url'));
			await sha256(sealed);
			return JSON.parse(new TextDecoder().decode(await open(key, CONTEXT, sealed)));
		})
	);
}

/** All at once, which is faster here than one after another. */
async function openEach(key: CryptoKey, answer: Bytes): Promise<void> {
	const records = z.parse(Records, JSON.parse(new TextDecoder().decode(answer)));
	await Promise.all(
		records.map(async ({ blob }) => readOverview(readJson(await open(key, CONTEXT, blob))))
	);
}
