/** H22: a server that changes the slot list in the middle of a rotation, to have the new key wrapped for it. */
import { describe, expect, test } from 'vitest';
import { Authenticator } from './authenticator.ts';
import type { Device } from './harness.ts';
import { errorOf, ORIGIN, PASSWORD, valueOf, World } from './harness.ts';
import { changing, type Members } from './moves.ts';
import { contentsOf, plan, standing } from './rotating.ts';
import type { Tamper } from './wire.ts';
import { refusal } from '../refusals.ts';

const ROGUE_KEY = Buffer.alloc(32, 7).toString('base64url');
const ROGUE_ID = 'AAECAwQFBgcICQoLDA0ODw';

const MOVES: [string, (slots: Members[]) => Members[]][] = [
	[
		'adds a kit of its own',
		(slots) => [...slots, { ...slots[1], id: ROGUE_ID, authPublicKey: ROGUE_KEY }]
	],
	[
		'adds a passkey of its own',
		(slots) => [
			...slots,
			{ id: ROGUE_ID, kind: 3, revision: 1, credential: 'AAAA', createdAtMs: 0 }
		]
	],
	[
		'puts its own key into the password’s slot',
		([password, kit]) => [{ ...password, authPublicKey: ROGUE_KEY }, kit ?? {}]
	],
	[
		'puts its own key into the kit’s slot',
		([password, kit]) => [password ?? {}, { ...kit, authPublicKey: ROGUE_KEY }]
	],
	['hides the kit', ([password]) => [password ?? {}, { ...password, id: ROGUE_ID }]]
];

async function planned(): Promise<{ world: World; device: Device }> {
	const world = new World();
	const device = await world.account(['a']);
	await plan(device);
	return { world, device };
}

/** Changes the slots of the n-th account that is answered from now on. */
function atLook(nth: number, change: (slots: Members[]) => Members[]): Tamper {
	let look = 0;
	const tamper = changing('/account', (json) => ({
		...json,
		slots: change(json['slots'] as Members[])
	}));
	return (answer, request) => {
		if (request.path.split('?', 1)[0]?.endsWith('/account') !== true) return undefined;
		return look++ === nth ? tamper(answer, request) : undefined;
	};
}

/** The old state is there, whole, and no other. */
async function expectOld(world: World, before: ReturnType<typeof standing>): Promise<void> {
	expect(standing(world)).toEqual(before);
	expect(await contentsOf(world)).toEqual({ a: valueOf('a') });
}

describe('a server that, in the middle of a rotation,', () => {
	describe.each([
		['when it begins', 0],
		['before it is switched', 1]
	])('%s', (_, look) => {
		test.each(MOVES)('%s is refused, and the old state is whole', async (_name, change) => {
			const { world, device } = await planned();
			const before = standing(world);
			device.wire.tamper = atLook(look, change);
			await world.refused(device, 'integrity', () => device.keyholder.rotations.run());
			expect(device.wire.requests()).not.toContain('POST /api/v1/account/rotation');
			await expectOld(world, before);
		});
	});

	test.each(MOVES)('answers the switch with a list in which it %s: refused', async (_, change) => {
		const { world, device } = await planned();
		const before = standing(world);
		// It keeps nothing of what is staged: so the switch conflicts, and is answered with a head.
		const { staged } = world.stored();
		staged.set = () => staged;
		device.wire.tamper = ({ status, json }, { path }) => {
			if (!path.endsWith('/account/rotation')) return undefined;
			const { outcome, head } = json as { outcome: string; head: Members };
			expect(outcome).toBe('conflict');
			const slots = change(head['slots'] as Members[]);
			return { status, json: { outcome, head: { ...head, slots } } };
		};
		await world.refused(device, 'integrity', () => device.keyholder.rotations.run());
		await expectOld(world, before);
	});

	test('gives the passkey that is asked for a credential of its own: it is not kept', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const [mine, rogue] = [new Authenticator(ORIGIN), new Authenticator(ORIGIN)];
		await device.keyholder.prove(PASSWORD);
		const offer = await device.keyholder.ways.offerPasskey();
		await device.keyholder.ways.addPasskey({ ...mine.make(offer), name: 'mine' }, PASSWORD);
		const { credential } = rogue.make(offer);
		const theirs = Buffer.from(credential).toString('base64url');
		device.wire.tamper = changing('/account', (json) => ({
			...json,
			slots: (json['slots'] as Members[]).map((slot) =>
				slot['kind'] === 3 ? { ...slot, credential: theirs } : slot
			)
		}));
		const { dropped } = await plan(device);
		const id = dropped[0]?.id ?? '';
		const request = await device.keyholder.rotations.askPasskey(id);
		const error = await errorOf(() =>
			device.keyholder.rotations.keepPasskey(id, rogue.touch(request))
		);
		expect(error).toMatchObject(refusal('invalid'));
	});
});

describe('the owner, who changes the slot list in the middle of a rotation in another tab,', () => {
	test('is told so, and what was changed is there', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		await other.unlock();
		await plan(one);
		one.wire.tamper = async (_, { path }) => {
			if (!path.endsWith('/parts')) return undefined;
			one.wire.tamper = undefined;
			await other.keyholder.prove(PASSWORD);
			const made = new Authenticator(ORIGIN).make(await other.keyholder.ways.offerPasskey());
			await other.keyholder.ways.addPasskey({ ...made, name: 'new' }, PASSWORD);
			return undefined;
		};
		expect(await one.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		expect(await one.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		expect(standing(world).generations).toEqual([1, 1]);
		const { dropped } = await plan(one);
		expect(dropped.map(({ name }) => name)).toEqual(['new']);
		expect(await one.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
	});
});
