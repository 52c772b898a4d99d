/** A server that its operator set back to a backup, and a device that has seen more. */
import type { Fetch } from '#lib/api/client.ts';
import type { RestoredState } from '#lib/keyholder/views.ts';
import { Device, EMAIL, PASSWORD, World } from './harness.ts';
import { copyOf } from './reference-records.ts';
import { standing } from './rotating.ts';

export type Writes = (device: Device) => Promise<unknown>;

/** A device that has seen `lost`, and a server that was set back to what was there before it. */
export async function restored(lost: Writes, wrap: (inner: Fetch) => Fetch = (inner) => inner) {
	const world = new World();
	const device = new Device(wrap(world.server.device()));
	await device.keyholder.prepare(EMAIL, PASSWORD);
	await device.keyholder.register();
	await device.add('a');
	const backup = copyOf(world.stored());
	await lost(device);
	const pinned = standing(world);
	device.keyholder.lock();
	world.server.endSessions();
	world.putBack(backup);
	return { world, device, pinned };
}

/** Writes to the account and to its vault. */
export const everything: Writes = async (device) => {
	await device.add('lost');
	await device.set({ theme: 'dark' });
};

export async function look(device: Device, password = PASSWORD): Promise<RestoredState> {
	const found = await device.keyholder.rotations.lookAtRestore(EMAIL, password);
	if (found.outcome !== 'found') throw new Error(found.outcome);
	return found.state;
}

export async function accept(device: Device): Promise<{ readonly outcome: string }> {
	return await device.keyholder.rotations.acceptRestore();
}
