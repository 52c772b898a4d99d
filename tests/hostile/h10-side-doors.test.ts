/**
 * H10 where it is easily forgotten: forged answers in the middle of a read or an export. A secret
 * that is not genuine spoils itself; anything else ends all talk with the server.
 */
import { describe, expect, test } from 'vitest';
import { errorOf, NOW, PASSWORD, World, type Device } from './harness.ts';
import { vaultPath, type Members } from './moves.ts';
import type { Tamper } from './wire.ts';
import { refusal } from '../refusals.ts';

/** A device with two keys, and one of another that has just rewritten the first. */
async function outdated(): Promise<{ world: World; device: Device }> {
	const world = new World();
	const device = await world.account(['a', 'b']);
	const other = world.device();
	await other.unlock();
	await other.rewrite('a', 'new');
	return { world, device };
}

async function expectSilence(device: Device): Promise<void> {
	const sent = device.wire.exchanges.length;
	for (const act of [
		() => device.valueOf('b'),
		() => device.add('c'),
		() => device.keyholder.refresh(),
		() => device.keyholder.readAll()
	]) {
		expect(await errorOf(act)).toMatchObject({ name: 'KeyholderError' });
	}
	expect(device.wire.exchanges.length).toBe(sent);
}

/** Changes one character of the manifest in answers about the vault. */
function forgedVault(world: World): Tamper {
	return ({ json, status }, { path }) => {
		if (status >= 300 || path.split('?', 1)[0]?.endsWith(vaultPath(world)) !== true)
			return undefined;
		const { manifest, ...rest } = json as { manifest: { blob: string } };
		const at = manifest.blob.length - 9;
		const other = manifest.blob[at] === 'A' ? 'B' : 'A';
		const blob = manifest.blob.slice(0, at) + other + manifest.blob.slice(at + 1);
		return { json: { ...rest, manifest: { ...manifest, blob } } };
	};
}

describe('a server that forges an answer inside a read', () => {
	test('the vault that the read catches up with: nothing is sent afterwards', async () => {
		const { world, device } = await outdated();
		device.wire.tamper = forgedVault(world);
		await world.refused(device, 'integrity', () => device.valueOf('a'));
		await expectSilence(device);
	});

	test('a reply of another shape: nothing is sent afterwards', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		device.wire.tamper = ({ json }, { path }) =>
			path.endsWith('/secrets') ? { json: { ...(json as Members), more: 1 } } : undefined;
		await world.refused(device, 'format', () => device.valueOf('a'));
		await expectSilence(device);
	});

	test('another number of secrets: nothing is sent afterwards', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		device.wire.tamper = (_, { path }) =>
			path.endsWith('/secrets') ? { json: { secrets: [] } } : undefined;
		await world.refused(device, 'integrity', () => device.valueOf('a'));
		await expectSilence(device);
	});

	test('one secret alone: the others may still be read', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		const { item } = device.row('a');
		const other = world.storedVault().secrets.get(device.row('b').item);
		device.wire.tamper = ({ json }, { path, body }) =>
			path.endsWith('/secrets') && body.includes(item)
				? { json: { secrets: [{ ...(json as { secrets: Members[] }).secrets[0], ...other }] } }
				: undefined;
		expect(await errorOf(() => device.valueOf('a'))).toMatchObject(refusal('integrity'));
		expect(await device.valueOf('b')).toBeDefined();
	});
});

describe('a server that forges an answer inside an export', () => {
	test.each([
		['the look at the vault', (world: World) => forgedVault(world), 'integrity'],
		[
			'a challenge for another account',
			(): Tamper =>
				({ json }, { path }) =>
					path.endsWith('/challenge')
						? { json: { ...(json as Members), account: 'AAAAAAAAAAAAAAAAAAAAAA' } }
						: undefined,
			'rollback'
		],
		[
			'a challenge for another slot',
			(): Tamper =>
				({ json }, { path }) =>
					path.endsWith('/challenge')
						? { json: { ...(json as Members), slot: 'AAAAAAAAAAAAAAAAAAAAAA' } }
						: undefined,
			'integrity'
		],
		[
			'a challenge that ends next week',
			(): Tamper =>
				({ json }, { path }) =>
					path.endsWith('/challenge')
						? { json: { ...(json as Members), expiresAtMs: NOW + 7 * 86_400_000 } }
						: undefined,
			'clock'
		]
	] as const)('%s: nothing is sent afterwards', async (_, tamper, code) => {
		const { world, device } = await outdated();
		await device.keyholder.prove(PASSWORD);
		device.wire.tamper = tamper(world);
		await expect(device.keyholder.readAll()).rejects.toMatchObject({ code });
		expect(device.wire.sentAfterForgery).toBe(0);
		await expectSilence(device);
	});
});
