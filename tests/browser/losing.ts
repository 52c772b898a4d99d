/** A device whose network goes when a commit of it was stored, before the answer is there. */
import { Device, type World } from '../hostile/harness.ts';

export interface LosingNet {
	/** From the next commit on. */
	cuts: boolean;
	down: boolean;
}

export async function losingDevice(world: World): Promise<{ device: Device; net: LosingNet }> {
	const inner = world.server.device();
	const net = { cuts: false, down: false };
	const device = new Device(async (url, init) => {
		if (net.down) throw new TypeError('no network');
		const answer = await inner(url, init);
		net.down = net.cuts && url.endsWith('/commits');
		if (net.down) throw new TypeError('no network');
		return answer;
	});
	await device.unlock();
	return { device, net };
}
