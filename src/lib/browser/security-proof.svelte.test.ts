import { describe, expect, test } from 'vitest';
import { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

async function open() {
	const world = new World();
	await world.unlock();
	return { world, stepUp: new StepUp(world.session) };
}

describe('an act', () => {
	test('is done at once while a proof is kept', async () => {
		const { world, stepUp } = await open();
		const ended = await stepUp.run((host) => host.endOtherSessions());
		expect(ended.outcome).toBe('done');
		expect(world.host.asked).not.toContain('prove');
	});

	test('waits for the password where there is none, and is then done', async () => {
		const { world, stepUp } = await open();
		world.host.unproved = true;
		const acting = stepUp.run((host) => host.endOtherSessions());
		await settled();
		expect(stepUp.asking).toBe(true);
		expect(await stepUp.prove('wrong')).toBe('wrong-password');
		expect(stepUp.asking).toBe(true);
		expect(await stepUp.prove('right')).toBe('proved');
		expect((await acting).outcome).toBe('done');
		expect(stepUp.asking).toBe(false);
	});

	test('is not done if the person does not want to prove', async () => {
		const { world, stepUp } = await open();
		world.host.unproved = true;
		const acting = stepUp.run((host) => host.dropAccount());
		await settled();
		stepUp.cancel();
		expect((await acting).outcome).toBe('cancelled');
		expect(world.host.asked.filter((call) => call === 'dropAccount')).toHaveLength(1);
	});

	test('is given up by a lock', async () => {
		const { world, stepUp } = await open();
		world.host.unproved = true;
		const acting = stepUp.run((host) => host.dropAccount());
		await settled();
		world.session.lock();
		expect((await acting).outcome).toBe('cancelled');
		expect(stepUp.asking).toBe(false);
	});

	test('that fails for another reason asks for nothing', async () => {
		const { world, stepUp } = await open();
		world.fail('offline');
		await expect(stepUp.run((host) => host.endOtherSessions())).rejects.toMatchObject({
			fault: { code: 'offline' }
		});
		expect(stepUp.asking).toBe(false);
	});
});

describe('the password', () => {
	test('that cannot be checked leaves the question open', async () => {
		const { world, stepUp } = await open();
		world.host.unproved = true;
		void stepUp.run((host) => host.endOtherSessions());
		await settled();
		world.fail('offline');
		expect(await stepUp.prove('right')).toBe('failed');
		expect(stepUp.fault?.code).toBe('offline');
		expect(stepUp.asking).toBe(true);
	});

	test('is of no use before the email is typed, after a sign-in by passkey', async () => {
		const world = new World();
		await world.unlock();
		world.host.email = '';
		await world.session.look();
		const stepUp = new StepUp(world.session);
		expect(stepUp.needsEmail).toBe(true);
		expect(await stepUp.prove('right', 'ada@example.org')).toBe('proved');
		expect(world.host.asked).toContain('typeEmail ada@example.org');
		expect(stepUp.needsEmail).toBe(false);
	});
});
