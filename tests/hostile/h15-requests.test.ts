/** H15: a server, or another device, that stores what would make a client fetch something. */
import { expect, test } from 'vitest';
import { routes } from '#lib/api/routes.ts';
import { newKey, ORIGIN, World } from './harness.ts';

test('a key full of addresses causes no request but those of the interface', async () => {
	const world = new World();
	const asked: string[] = [];
	const inner = world.server.device();
	const device = world.device(undefined, {
		fetch: (url, init) => {
			asked.push(url);
			return inner(url, init);
		}
	});
	await device.keyholder.prepare('ada@example.org', 'correct horse battery fish');
	await device.keyholder.register();
	const { overview, secret } = newKey('https://evil.example/name');
	const urls = {
		url: 'https://evil.example/icon.png',
		provider: '//evil.example',
		note: '<img src="https://evil.example/note.png">',
		icon: 'https://evil.example/unknown-member'
	};
	const edit = {
		kind: 'add',
		vault: device.vault.id,
		overview: { ...overview, ...urls },
		secret
	} as const;
	await device.keyholder.save([edit]);
	await device.valueOf('https://evil.example/name');
	await device.keyholder.refresh();
	device.keyholder.lock();
	await device.unlock();
	const paths = Object.values(routes).map(({ path }) =>
		path.replace(/:[a-z]+/g, '[A-Za-z0-9_-]{22}')
	);
	const allowed = new RegExp(
		`^${ORIGIN}(?:${paths.join('|')})(?:\\?after=[0-9]+(?:&chain=[0-9]+)?)?$`
	);
	expect(asked.length).toBeGreaterThan(8);
	expect(asked.filter((url) => !allowed.test(url))).toEqual([]);
});
