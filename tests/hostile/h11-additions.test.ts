/** H11: a server that adds members by which other products let it change what a client does. */
import { describe, test } from 'vitest';
import { World } from './harness.ts';
import { changing, vaultPath } from './moves.ts';

const MEMBERS = [
	'policy',
	'autoEnroll',
	'recoveryPublicKey',
	'keyConnectorUrl',
	'iconsUrl',
	'serverVersion',
	'kdf'
];

describe.each(MEMBERS)('a server that adds %s', (name) => {
	test.each(['/auth/challenge', '/auth/verify', '/account', 'vault'])(
		'to its answer of %s: refused',
		async (path) => {
			const world = new World();
			const device = await world.knownDevice(['a']);
			const at = path === 'vault' ? vaultPath(world) : path;
			device.wire.tamper = changing(at, (json) => ({
				...json,
				[name]: { url: 'https://evil.example' }
			}));
			await world.refused(device, 'format', () => device.unlock());
		}
	);

	test('to a secret: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.wire.tamper = changing('/secrets', (json) => ({ ...json, [name]: true }));
		await world.refused(device, 'format', () => device.valueOf('a'));
	});

	test('to the answer of a commit: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.wire.tamper = changing('/commits', (json) => ({ ...json, [name]: true }));
		await world.refused(device, 'format', () => device.add('b'));
	});

	test('deep inside a record: refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		device.wire.tamper = changing('/account', (json) => ({
			...json,
			vaults: (json['vaults'] as object[]).map((vault) => ({ ...vault, [name]: 1 }))
		}));
		await world.refused(device, 'format', () => device.unlock());
	});
});
