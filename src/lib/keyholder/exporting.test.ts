import { describe, expect, test } from 'vitest';
import { errorOf, NOW, PASSWORD, valueOf, World } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('an export', () => {
	test('needs the password once more', async () => {
		const device = await new World().account(['a']);
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject(refusal('proof'));
	});

	test('may be made for ten minutes, and not a moment longer', async () => {
		const world = new World();
		let now = NOW;
		const device = world.device(undefined, { now: () => now });
		await world.account(['a']);
		await device.unlock();
		await device.keyholder.prove(PASSWORD);
		now += 599_999;
		expect(await device.keyholder.readAll()).toHaveLength(1);
		now += 1;
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject(refusal('proof'));
		now = NOW;
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject(refusal('proof'));
	});

	test(
		'opens every key, in the trash or not, and tells how far it is',
		{ timeout: 60_000 },
		async () => {
			const world = new World();
			const device = await world.account();
			const names = Array.from({ length: 501 }, (_, index) => `key ${String(index)}`);
			await device.add(...names);
			const base = device.row('key 7');
			const overview = { ...base.overview, trashedAt: NOW };
			await device.keyholder.save([{ kind: 'change', base, overview }]);
			await device.keyholder.prove(PASSWORD);
			const progress: string[] = [];
			const [vault] = await device.keyholder.readAll((done, total) => {
				progress.push(`${String(done)}/${String(total)}`);
			});
			expect(vault?.name).toBe('Personal');
			expect(vault?.keys).toHaveLength(501);
			for (const {
				overview: { name },
				secret
			} of vault?.keys ?? []) {
				expect(secret.fields[0]?.value).toBe(valueOf(name));
			}
			expect(progress).toEqual(['500/501', '501/501']);
		}
	);

	test('reads only the keys that are wanted', async () => {
		const device = await new World().account(['a', 'b', 'c']);
		await device.keyholder.prove(PASSWORD);
		const wanted = new Set([device.row('b').item]);
		const [vault] = await device.keyholder.readAll(undefined, undefined, wanted);
		expect(vault?.keys.map(({ overview }) => overview.name)).toEqual(['b']);
	});

	test('leaves out a vault of which nothing is wanted, and no other one', async () => {
		const device = await new World().account(['a']);
		await device.keyholder.vaults.make('Empty');
		await device.keyholder.prove(PASSWORD);
		const progress: number[] = [];
		const all = await device.keyholder.readAll((done) => progress.push(done));
		expect(all.map(({ name, keys }) => [name, keys.length])).toEqual([
			['Personal', 1],
			['Empty', 0]
		]);
		expect(progress).toEqual([1]);
		const wanted = new Set([device.row('a').item]);
		const some = await device.keyholder.readAll(undefined, undefined, wanted);
		expect(some.map(({ name }) => name)).toEqual(['Personal']);
	});

	test('leaves a key out that does not verify, names it, and ends nothing', async () => {
		const world = new World();
		const device = await world.account(['a', 'b', 'c']);
		const [item, stored] = [...world.storedVault().secrets].at(1) ?? [];
		if (item === undefined || stored === undefined) throw new Error('no secret');
		const blob = Buffer.from(stored.blob, 'base64url').fill(7, 40, 50).toString('base64url');
		world.storedVault().secrets.set(item, { ...stored, blob });
		await device.keyholder.prove(PASSWORD);
		const spoiled: string[] = [];
		const [vault] = await device.keyholder.readAll(undefined, (row) => {
			spoiled.push(row.item);
		});
		expect(spoiled).toEqual([item]);
		expect(vault?.keys).toHaveLength(2);
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject(refusal('integrity'));
		expect(device.keyholder.view().vaults[0]?.keys).toHaveLength(3);
	});

	test('asks for the proof of each request anew', async () => {
		const device = await new World().account(['a']);
		await device.keyholder.prove(PASSWORD);
		await device.keyholder.readAll();
		await device.keyholder.readAll();
		const proofs = device.wire.exchanges.flatMap(
			({ headers }) => /keyhold-proof","([^"]+)/.exec(headers)?.[1] ?? []
		);
		expect(new Set(proofs).size).toBe(2);
	});

	test('sends nothing for a wrong password', async () => {
		const device = await new World().account(['a']);
		const sent = device.wire.exchanges.length;
		expect(await device.keyholder.prove('wrong')).toEqual({ outcome: 'wrong-password' });
		expect(device.wire.exchanges).toHaveLength(sent);
	});
});
