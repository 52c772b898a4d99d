/** Rotations as a person makes them, and the state that each leaves behind. */
import { expect } from 'vitest';
import type { Fetch } from '#lib/api/client.ts';
import type { RotationPlan, RotationStep } from '#lib/keyholder/views.ts';
import { PASSWORD, type Device, type World } from './harness.ts';

export const NEXT_PASSWORD = 'another staple than before';

interface Choice {
	readonly password?: string;
	readonly nextPassword?: string;
}

export async function plan(
	device: Device,
	choice: Choice = { password: PASSWORD }
): Promise<RotationPlan> {
	const planned = await device.keyholder.rotations.plan(choice);
	if (planned.outcome !== 'planned') throw new Error(planned.outcome);
	return planned.plan;
}

/** @returns the new kit. */
export async function rotate(device: Device, choice?: Choice): Promise<string> {
	const { kit } = await plan(device, choice);
	expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
	return kit;
}

/** Every step that a rotation tells of. */
export async function stepsOf(device: Device): Promise<RotationStep[]> {
	const steps: RotationStep[] = [];
	await device.keyholder.rotations.run((step) => steps.push(step));
	return steps;
}

/** Where the account and its only vault stand on the server. */
export function standing(world: World) {
	const account = world.stored();
	const vault = world.storedVault();
	return {
		generations: [account.generation, vault.generation],
		seqs: [account.chain.seq, vault.chain.seq],
		heads: [account.chain.head, vault.chain.head]
	};
}

/** What a device reads that has never seen the account: names and values. */
export async function contentsOf(
	world: World,
	password = PASSWORD
): Promise<Record<string, string | undefined>> {
	const device = world.device();
	await device.unlock(undefined, password);
	const values: Record<string, string | undefined> = {};
	for (const name of device.names) values[name] = await device.valueOf(name);
	device.keyholder.lock();
	return values;
}

/** A network that can be cut. */
export class Cut {
	/** Requests that went out since {@link at} was called. */
	count = 0;
	#at = Infinity;
	#answered = false;
	#once = false;
	readonly fetch: Fetch;

	constructor(inner: Fetch) {
		this.fetch = async (url, init) => {
			const index = this.count++;
			const broken = this.#once ? index === this.#at : index >= this.#at;
			if (!broken) return await inner(url, init);
			// The request that is cut may have arrived; those after it do not leave the device.
			if (this.#answered && index === this.#at) await inner(url, init);
			throw new TypeError('connection lost');
		};
	}

	/**
	 * Cuts at the request of this index.
	 *
	 * @param how whether it arrives, and whether the network is there again for the next.
	 */
	at(index: number, how: { readonly answered: boolean; readonly once: boolean }): void {
		this.count = 0;
		this.#at = index;
		this.#answered = how.answered;
		this.#once = how.once;
	}

	mend(): void {
		this.#at = Infinity;
	}
}
