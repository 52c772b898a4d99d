/** H04: a server that answers with slots from before a rotation, or with another list of them. */
import { describe, expect, test } from 'vitest';
import { Authenticator } from './authenticator.ts';
import { EMAIL, ORIGIN, PASSWORD, World, type Device } from './harness.ts';
import { changing } from './moves.ts';
import { copyOf, type StoredAccount } from './reference-records.ts';
import { rotate } from './rotating.ts';

/** A device that knows the account after a rotation, and what the server had before it. */
async function rotated(): Promise<{ world: World; device: Device; before: StoredAccount }> {
	const world = new World();
	const device = await world.account(['a']);
	const before = copyOf(world.stored());
	await rotate(device);
	device.keyholder.lock();
	world.server.endSessions();
	return { world, device, before };
}

function wrapOf({ slots }: StoredAccount, kind: number): string | undefined {
	return slots.find((slot) => slot.kind === kind)?.wrap;
}

/** The slots of an account, as it lists them. */
function listOf({ slots }: StoredAccount): object[] {
	return slots.map((slot) => ({ ...slot, wrap: undefined }));
}

describe('after a rotation, a server that replays', () => {
	test('the wrap of the password from before: refused', async () => {
		const { world, device, before } = await rotated();
		const wrap = wrapOf(before, 1);
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, wrap }));
		await world.refused(device, 'integrity', () => device.unlock(), 1);
	});

	test('the slot list from before: refused', async () => {
		const { world, device, before } = await rotated();
		device.wire.tamper = changing('/account', (json) => ({ ...json, slots: listOf(before) }));
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('one slot from before among those of now: refused', async () => {
		const { world, device, before } = await rotated();
		const [, kit] = listOf(before);
		device.wire.tamper = changing('/account', (json) => {
			const [password] = json['slots'] as object[];
			return { ...json, slots: [password, kit] };
		});
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('everything from before, salt and wraps and lists: refused where it was seen', async () => {
		const { world, device, before } = await rotated();
		world.putBack(before);
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'rollback', () => device.unlock());
	});

	test('everything from before under the generation of now: refused', async () => {
		const { world, device, before } = await rotated();
		world.putBack(before);
		device.wire.tamper = changing('/account', (json) => ({ ...json, generation: 2 }));
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('everything from before, to a kit that was replaced: refused where it was seen', async () => {
		const world = new World();
		const device = world.device();
		const { kit } = await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		const before = copyOf(world.stored());
		await rotate(device);
		device.keyholder.lock();
		world.server.endSessions();
		world.putBack(before);
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'rollback', () =>
			device.keyholder.unlockWithKit(EMAIL, kit, undefined)
		);
	});
});

describe('a server that brings a dropped passkey back', () => {
	async function dropped() {
		const world = new World();
		const device = await world.account(['a']);
		const authenticator = new Authenticator(ORIGIN);
		await device.keyholder.prove(PASSWORD);
		const made = authenticator.make(await device.keyholder.ways.offerPasskey());
		await device.keyholder.ways.addPasskey({ ...made, name: 'a key ring' }, PASSWORD);
		const before = copyOf(world.stored());
		const passkey = world.stored().slots.find(({ kind }) => kind === 3);
		if (passkey === undefined) throw new Error('no passkey');
		await rotate(device);
		return { world, device, authenticator, before, passkey };
	}

	test('into the list: refused', async () => {
		const { world, device, passkey } = await dropped();
		const { id, revision, stored } = passkey;
		const back = { id, kind: 3, revision, credential: stored?.credential, createdAtMs: 0 };
		device.wire.tamper = changing('/account', (json) => ({
			...json,
			slots: [...(json['slots'] as object[]), back]
		}));
		await world.refused(device, 'integrity', () => device.keyholder.refresh());
	});

	test('to sign in with: its old wrap opens nothing of now', async () => {
		const { world, device, authenticator, passkey } = await dropped();
		device.keyholder.lock();
		world.stored().slots.push(passkey);
		const request = await device.keyholder.askPasskey();
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'integrity', () =>
			device.keyholder.unlockWithPasskey(authenticator.touch(request))
		);
	});

	test('with everything from before: refused where the rotation was seen', async () => {
		const { world, device, authenticator, before } = await dropped();
		device.keyholder.lock();
		world.putBack(before);
		const request = await device.keyholder.askPasskey();
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'rollback', () =>
			device.keyholder.unlockWithPasskey(authenticator.touch(request))
		);
	});
});

describe('a server that', () => {
	const moves: [string, (slots: object[]) => object[]][] = [
		[
			'hides a slot behind another',
			([password]) => (password === undefined ? [] : [password, password])
		],
		['adds one', (slots) => [...slots, { ...slots[1], id: 'AAECAwQFBgcICQoLDA0ODw' }]],
		[
			'adds a passkey of its own',
			(slots) => [
				...slots,
				{
					id: 'AAECAwQFBgcICQoLDA0ODw',
					kind: 3,
					revision: 1,
					credential: 'AAAA',
					createdAtMs: 0
				}
			]
		],
		[
			'puts a public key of its own into one',
			([password, kit]) => [
				password ?? {},
				{ ...kit, authPublicKey: Buffer.alloc(32, 7).toString('base64url') }
			]
		]
	];

	test.each(moves)('%s is refused, on unlock and on a look', async (_, change) => {
		const { world, device } = await rotated();
		const tamper = changing('/account', (json) => ({
			...json,
			slots: change(json['slots'] as object[])
		}));
		device.wire.tamper = tamper;
		await world.refused(device, 'integrity', () => device.unlock());
		device.wire.tamper = undefined;
		await device.unlock();
		device.wire.forgeries = 0;
		device.wire.sentAfterForgery = 0;
		device.wire.tamper = tamper;
		await world.refused(device, 'integrity', () => device.keyholder.refresh());
		expect(device.names).toEqual(['a']);
	});
});
