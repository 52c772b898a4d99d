/** Accepting a restore that needs a rotation first, over a network that breaks at each request. */
import { describe, expect, test } from 'vitest';
import { valueOf } from '../../../tests/hostile/harness.ts';
import { accept, look, restored } from '../../../tests/hostile/restoring.ts';
import { contentsOf, Cut, plan, rotate, standing } from '../../../tests/hostile/rotating.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('a connection that breaks while a restore is rotated and accepted', () => {
	const HOWS = [
		{ answered: false, once: true },
		{ answered: true, once: true },
		{ answered: false, once: false },
		{ answered: true, once: false }
	];
	/** The ten requests of a rotation, a challenge and the acceptance. */
	const ROTATING = Array.from({ length: 12 }, (_, index) => index);

	async function planned() {
		let cut: Cut | undefined;
		const made = await restored(rotate, (inner) => (cut = new Cut(inner)).fetch);
		await look(made.device);
		await plan(made.device);
		if (cut === undefined) throw new Error('no network');
		cut.count = 0;
		return { ...made, cut };
	}

	test('is of a known number of requests', async () => {
		const { device, cut } = await planned();
		await accept(device);
		expect(cut.count).toBe(ROTATING.length);
	});

	describe.each(HOWS)('(%j)', (how) => {
		test.each(ROTATING)(
			'at request %i leaves it refused or accepted, and a retry works',
			async (index) => {
				const { world, device, cut } = await planned();
				const pins = device.pins.snapshot();
				cut.at(index, how);
				const answer = await accept(device).catch((error: unknown) => error);
				cut.mend();
				expect(await contentsOf(world)).toEqual({ a: valueOf('a') });
				if (answer instanceof Error) {
					expect(answer).toMatchObject(refusal('offline'));
					expect(device.pins.snapshot()).toBe(pins);
					expect(await accept(device)).toEqual({ outcome: 'accepted' });
				} else {
					expect(answer).toEqual({ outcome: 'accepted' });
				}
				expect(standing(world).generations).toEqual([2, 2]);
				await device.add('b');
				device.keyholder.lock();
				world.server.endSessions();
				await device.unlock();
				expect(device.names).toEqual(['a', 'b']);
			}
		);
	});

	test.each(ROTATING)(
		'at request %i for good leaves a state that is looked at again',
		async (index) => {
			const { world, device, cut } = await planned();
			cut.at(index, { answered: true, once: false });
			await accept(device).catch(() => undefined);
			cut.mend();
			device.keyholder.lock();
			world.server.endSessions();
			await expect(device.unlock()).rejects.toMatchObject({
				code: expect.stringMatching(/^(rollback|fork)$/) as unknown
			});
			const { rotates } = await look(device);
			if (rotates) await plan(device);
			expect(await accept(device)).toEqual({ outcome: 'accepted' });
			expect(standing(world).generations).toEqual([2, 2]);
		}
	);
});
