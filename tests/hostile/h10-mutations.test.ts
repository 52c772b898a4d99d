/**
 * H10: a server that tries what happens: random changes of answers, to learn from errors, retries
 * or follow-up requests. There is one error class, no retry and no follow-up.
 *
 * The changes are drawn from a seed, so that a failure can be run again: its number is in the message.
 */
import { describe, expect, test } from 'vitest';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { count, record } from '../figures.ts';
import { errorOf, World, type Device } from './harness.ts';
import { vaultPath } from './moves.ts';
import { mutate, Dice } from './mutations.ts';

/** In each of ten parts, so that a failure says where. */
const PART = count(100, 1_000);
const PARTS = Array.from({ length: 10 }, (_, part) => part);

/** Of no use to a client that unlocks by password, and shown nowhere: another value does nothing. */
const UNUSED = /^\.(?:email|slots\.1\.(?:locator|revision))$/;

async function expectRefused(
	world: World,
	device: Device,
	seed: number,
	path: string
): Promise<void> {
	const dice = new Dice(seed);
	let where = '';
	device.wire.forgeries = device.wire.sentAfterForgery = 0;
	device.wire.tamper = (answer, request) => {
		const matches = request.path.split('?', 1)[0]?.endsWith(path) === true;
		if (!matches || answer.status >= 300 || device.wire.forgeries > 0) return undefined;
		const mutated = mutate(answer.json, dice, UNUSED);
		where = mutated.where;
		return 'text' in mutated ? { text: mutated.text } : { json: mutated.json };
	};
	const at = () => `seed ${String(seed)}: ${path} ${where}`;
	const before = device.pins.snapshot();
	const reading = path.endsWith('/secrets');
	const act = () => (reading ? device.valueOf('a') : device.unlock());
	const error = await errorOf(act).catch(() => 'it was not refused');
	expect(error, at()).toBeInstanceOf(KeyholderError);
	const { code } = error as KeyholderError;
	expect(['format', 'unsupported', 'integrity', 'rollback', 'fork'], at()).toContain(code);
	expect(device.wire.sentAfterForgery, at()).toBe(followUps(path, where));
	expect(device.pins.snapshot(), at()).toBe(before);
}

/** What is judged with a later answer, and a revision that may be another device's news. */
function followUps(path: string, where: string): number {
	if (path === '/auth/verify' && where.startsWith('.wrap bit')) return 1;
	return where.startsWith('.secrets.0.revision raised') ? 1 : 0;
}

describe('a server that changes an answer at random', () => {
	test.each(PARTS)(
		'is refused each time, part %i of 10',
		{ timeout: 1_200 * PART },
		async (part) => {
			const world = new World();
			const device = await world.account(['a', 'b', 'c']);
			await device.rewrite('b', 'new');
			const paths = ['/auth/verify', '/account', vaultPath(world), `${vaultPath(world)}/secrets`];
			for (let i = 0; i < PART; i++) {
				const seed = part * PART + i;
				const path = paths[seed % paths.length] ?? '';
				device.wire.tamper = undefined;
				if (path.endsWith('/secrets')) {
					await device.unlock();
				} else {
					device.keyholder.lock();
					world.server.endSessions();
				}
				await expectRefused(world, device, seed, path);
			}
			await world.expectSilent(device);
			record('answers changed at random', PART, 'all refused');
		}
	);

	test('draws the same changes from the same seed', () => {
		const draw = (seed: number) =>
			JSON.stringify(mutate({ a: ['x', 1, { b: 'yy' }] }, new Dice(seed)));
		expect(draw(7)).toBe(draw(7));
		expect(new Set(Array.from({ length: 50 }, (_, seed) => draw(seed))).size).toBeGreaterThan(20);
	});
});
