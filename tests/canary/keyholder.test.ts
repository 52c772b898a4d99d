/**
 * The canary: a password, a key, a name and a note that are marked pass through everything that a
 * person does. Nothing that leaves the device, and nothing that a server answers or keeps, holds a
 * mark, in any form; nor the keys that the account is made of.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { argon2id } from '#lib/crypto/kdf.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { keysOf, type HeldKey } from '../hostile/held-keys.ts';
import { MemoryPins } from '../hostile/memory-pins.ts';
import { NOW, ORIGIN, World, type Device } from '../hostile/harness.ts';
import { found, needlesOf, type Needle } from './needles.ts';

const EMAIL = 'canary@example.org';
const PASSWORD = 'CANARY-password ﬁsh 7f3a9c1e';
const MARKS = {
	password: PASSWORD,
	'password as it is derived from': PASSWORD.normalize('NFKC'),
	value: 'sk_live_CANARYvalue_5d81b2',
	'next value': 'sk_live_CANARYnext_c07e44',
	name: 'CANARY-name-91aa',
	note: 'CANARY-note-2b6f',
	tag: 'CANARY-tag-e8d0',
	vault: 'CANARY-vault-55c3'
};

/** What the device made of the password, and of nothing. */
class Drawn {
	readonly roots: Bytes[] = [];
	kit = '';
}

async function journey(world: World, drawn: Drawn): Promise<Device> {
	const device = world.device(new MemoryPins(), {
		random: randomBytes,
		derive: async (password, salt, profile) => {
			const root = await argon2id(password, salt, profile);
			drawn.roots.push(root.slice());
			return root;
		}
	});
	const { keyholder } = device;
	drawn.kit = (await keyholder.prepare(EMAIL, PASSWORD)).kit;
	await keyholder.register();
	await add(device);
	const row = device.row(MARKS.name);
	await keyholder.read(row, 'copy');
	await keyholder.read(row, 'reveal');
	await edit(device);
	const trashed = device.row(MARKS.name);
	const overview = { ...trashed.overview, trashedAt: NOW };
	await keyholder.save([{ kind: 'change', base: trashed, overview }]);
	const { settings } = keyholder.view();
	const vaults = { [device.vault.id]: { name: MARKS.vault } };
	await keyholder.saveSettings({ ...settings, vaults });
	await keyholder.proveExport(PASSWORD);
	await keyholder.readAll();
	await keyholder.signOut();
	await keyholder.unlock(EMAIL, 'CANARY-wrong-password 0');
	await keyholder.unlock(EMAIL, PASSWORD);
	await keyholder.save([{ kind: 'drop', base: device.row(MARKS.name) }]);
	keyholder.lock();
	return device;
}

async function add(device: Device): Promise<void> {
	await device.keyholder.save([
		{
			kind: 'add',
			vault: device.vault.id,
			overview: {
				v: 1,
				name: MARKS.name,
				note: MARKS.note,
				envVars: [],
				tags: [MARKS.tag],
				createdAt: NOW,
				changedAt: NOW,
				status: 'active',
				fields: [{ name: 'key', hidden: true }]
			},
			secret: { v: 1, fields: [{ name: 'key', value: MARKS.value }] }
		}
	]);
}

async function edit(device: Device): Promise<void> {
	const base = device.row(MARKS.name);
	const { fields } = await device.keyholder.read(base, 'edit');
	const secret = {
		v: 1,
		fields: [{ name: 'key', value: MARKS['next value'] }],
		previous: [{ replacedAt: NOW, fields }]
	} as const;
	await device.keyholder.save([{ kind: 'change', base, overview: base.overview, secret }]);
}

/** Account key, vault key and those between: whoever registered derived the first root for them. */
async function heldKeys(world: World, { roots }: Drawn): Promise<HeldKey[]> {
	return await keysOf(world.stored(EMAIL), () => roots[0]?.slice() ?? new Uint8Array(32));
}

describe('after everything that a person does', () => {
	const world = new World();
	const drawn = new Drawn();
	let device: Device;
	let needles: Needle[];

	beforeAll(async () => {
		device = await journey(world, drawn);
		needles = [
			...Object.entries(MARKS).flatMap(([name, mark]) => needlesOf(name, mark)),
			...needlesOf('wrong password', 'CANARY-wrong-password 0'),
			...needlesOf('recovery kit', drawn.kit),
			...needlesOf('recovery kit without dashes', drawn.kit.replaceAll('-', '')),
			...drawn.roots.flatMap((root) => needlesOf('root', root)),
			...(await heldKeys(world, drawn)).flatMap(({ name, bytes }) => needlesOf(name, bytes))
		];
	}, 120_000);

	test('the journey was made', () => {
		expect(new Set(device.wire.requests().map(shape))).toEqual(
			new Set([
				'POST /api/v1/accounts',
				'POST /api/v1/auth/challenge',
				'POST /api/v1/auth/verify',
				'GET /api/v1/account',
				'POST /api/v1/account/commits',
				'GET /api/v1/vaults/:vault',
				'POST /api/v1/vaults/:vault/commits',
				'POST /api/v1/vaults/:vault/secrets',
				'DELETE /api/v1/auth/session'
			])
		);
		expect(drawn.roots.length).toBeGreaterThan(3);
	});

	test('no url, header or body that was sent holds a mark', () => {
		expect(found(device.wire.sent(), needles)).toEqual([]);
	});

	test('no answer holds a mark', () => {
		expect(found(device.wire.received(), needles)).toEqual([]);
	});

	test('nothing that the server keeps holds a mark, as text or as bytes', () => {
		const stored = world.stored(EMAIL);
		const [vault] = stored.vaults.values();
		const records = [stored.settings, stored.chain.blob, vault?.chain.blob, vault?.keyWrap]
			.concat([...(vault?.sheets.values() ?? [])].map(({ blob }) => blob))
			.map((blob) => Buffer.from(blob ?? '', 'base64url'));
		expect(found(JSON.stringify(stored), needles)).toEqual([]);
		expect(found(Buffer.concat(records), needles)).toEqual([]);
	});

	test('the pins of the device hold no mark', () => {
		expect(found(device.pins.snapshot(), needles)).toEqual([]);
	});

	test('a mark would have been found', () => {
		const leaks = [
			`GET ${ORIGIN}/?q=${encodeURIComponent(MARKS.value)}`,
			JSON.stringify({ note: MARKS.note }),
			`xx${Buffer.from(`a${MARKS.name}b`).toString('base64')}`,
			Buffer.from(MARKS.tag).toString('hex').toUpperCase(),
			`proof: ${Buffer.concat([Buffer.of(1), drawn.roots[0] ?? Buffer.of()]).toString('base64url')}`
		];
		for (const leak of leaks) expect(found(leak, needles), leak).not.toEqual([]);
		expect(found(Buffer.from(MARKS.vault, 'utf16le'), needles)).not.toEqual([]);
	});
});

function shape(request: string): string {
	return request.replace(/\/vaults\/[^/]+/, '/vaults/:vault');
}
