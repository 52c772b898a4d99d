/**
 * The life of an account, with a password, a value, a name, a note, a tag and a vault name
 * that are marked: so that a test can look for the marks wherever something left the device.
 */
import { argon2id } from '#lib/crypto/kdf.ts';
import type { Fetch } from '#lib/api/client.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { Device, NOW } from '../hostile/harness.ts';
import { MemoryPins } from '../hostile/memory-pins.ts';
import { rotate } from '../hostile/rotating.ts';
import { needlesOf, type Needle } from './needles.ts';

export const EMAIL = 'canary@example.org';
const PASSWORD = 'CANARY-password ﬁsh 7f3a9c1e';
export const MARKS = {
	password: PASSWORD,
	'password after the kit': 'CANARY-password-by-kit a9c2f4',
	'next password': 'CANARY-next-password 3e0d7b',
	'password as it is derived from': PASSWORD.normalize('NFKC'),
	value: ['sk', 'live', 'CANARYvalue_5d81b2'].join('_'),
	'next value': ['sk', 'live', 'CANARYnext_c07e44'].join('_'),
	name: 'CANARY-name-91aa',
	note: 'CANARY-note-2b6f',
	tag: 'CANARY-tag-e8d0',
	vault: 'CANARY-vault-55c3',
	'next vault': 'CANARY-next-vault-0f3d'
};

const WRONG_PASSWORD = 'CANARY-wrong-password 0';

export interface Journey {
	readonly device: Device;
	/** What Argon2id gave, for each time that the password was used. */
	readonly roots: readonly Bytes[];
	readonly needles: readonly Needle[];
}

/**
 * Registers, adds, copies, shows, edits, trashes, names, exports, signs out and in, deletes, makes
 * another vault, signs in by the kit, has every key replaced with a new kit and password, takes
 * another password, signs in with it, locks.
 *
 * @param meanwhile what the server's host does before the password is changed.
 */
export async function journey(
	fetch: Fetch,
	now: () => number,
	meanwhile: () => Promise<void> = () => Promise.resolve()
): Promise<Journey> {
	const roots: Bytes[] = [];
	const device = new Device(fetch, new MemoryPins(), {
		now,
		derive: async (password, salt, profile) => {
			const root = await argon2id(password, salt, profile);
			roots.push(root.slice());
			return root;
		}
	});
	const { keyholder } = device;
	const { kit } = await keyholder.prepare(EMAIL, PASSWORD);
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
	await keyholder.saveSettings({ ...settings, vaults }, settings);
	await keyholder.prove(PASSWORD);
	await keyholder.readAll();
	await keyholder.signOut();
	await keyholder.unlock(EMAIL, WRONG_PASSWORD);
	await keyholder.unlock(EMAIL, PASSWORD);
	await add(device);
	await keyholder.save([{ kind: 'drop', base: device.row(MARKS.name) }]);
	await keyholder.vaults.make(MARKS['next vault']);
	await keyholder.signOut();
	await keyholder.unlockWithKit(EMAIL, kit, undefined);
	const replaced = MARKS['password after the kit'];
	const nextKit = await rotate(device, { nextPassword: replaced });
	await meanwhile();
	await keyholder.ways.changePassword(replaced, MARKS['next password']);
	await keyholder.signOut();
	await keyholder.unlock(EMAIL, MARKS['next password']);
	keyholder.lock();
	return { device, roots, needles: needlesFor([kit, nextKit], roots) };
}

function needlesFor(kits: readonly string[], roots: readonly Bytes[]): Needle[] {
	return [
		...Object.entries(MARKS).flatMap(([name, mark]) => needlesOf(name, mark)),
		...needlesOf('wrong password', WRONG_PASSWORD),
		...kits.flatMap((kit) => needlesOf('recovery kit', kit)),
		...kits.flatMap((kit) => needlesOf('recovery kit without dashes', kit.replaceAll('-', ''))),
		...roots.flatMap((root) => needlesOf('root', root))
	];
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
	const { fields } = (await device.keyholder.read(base, 'edit')).secret;
	const secret = {
		v: 1,
		fields: [{ name: 'key', value: MARKS['next value'] }],
		previous: [{ replacedAt: NOW, fields }]
	} as const;
	await device.keyholder.save([{ kind: 'change', base, overview: base.overview, secret }]);
}
