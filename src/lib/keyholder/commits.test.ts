import { describe, expect, test } from 'vitest';
import type { Fetch } from '#lib/api/client.ts';
import { Device, errorOf, newKey, NOW, valueOf, World } from '../../../tests/hostile/harness.ts';
import type { KeyRow, SaveTry } from '#lib/keyholder/views.ts';
import { refusal } from '../../../tests/refusals.ts';

/** A device of the account that lets `meanwhile` happen just before each of its first commits arrives. */
async function interrupted(
	world: World,
	times: number,
	meanwhile: (race: number) => Promise<void>
): Promise<Device> {
	const inner = world.server.device();
	let race = 0;
	const fetch: Fetch = async (url, init) => {
		if (url.endsWith('/commits') && race < times) await meanwhile(race++);
		return await inner(url, init);
	};
	const device = new Device(fetch);
	await device.unlock();
	return device;
}

async function second(world: World): Promise<Device> {
	const device = world.device();
	await device.unlock();
	return device;
}

async function freshNames(world: World): Promise<string[]> {
	return (await second(world)).names;
}

describe('two devices that write at once', () => {
	test('both get their key in', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		const device = await interrupted(world, 1, () => rival.add('theirs'));
		await device.add('mine');
		expect(device.names).toEqual(['a', 'mine', 'theirs']);
		expect(await freshNames(world)).toEqual(['a', 'mine', 'theirs']);
	});

	test('write nothing more where what won leaves nothing to be done', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		const device = await interrupted(world, 1, () => rival.rewrite('a', 'theirs'));
		const saved = await device.keyholder.save([{ kind: 'drop', base: device.row('a') }]);
		expect(saved).toEqual({ outcome: 'saved', keys: [], beside: [] });
		expect(device.vault.seq).toBe(rival.vault.seq);
		expect(world.storedVault().chain.seq).toBe(rival.vault.seq);
	});

	test('may lose four races and still get in', async () => {
		const world = new World();
		const rival = await world.account();
		const device = await interrupted(world, 4, (race) => rival.add(`theirs ${String(race)}`));
		await device.add('mine');
		expect(await freshNames(world)).toHaveLength(5);
	});

	test('are told after the fifth, and nothing is lost or half written', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		const device = await interrupted(world, 5, (race) => rival.add(`theirs ${String(race)}`));
		const edit = { kind: 'add', vault: device.vault.id, ...newKey('mine') } as const;
		expect(await device.keyholder.save([edit])).toEqual({ outcome: 'conflict' });
		expect(await freshNames(world)).toHaveLength(6);
		expect((await device.keyholder.save([edit])).outcome).toBe('saved');
		expect(await freshNames(world)).toContain('mine');
	});

	test('keep both values of a key that both changed, the later under a new id', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		const device = await interrupted(world, 1, () => rival.rewrite('a', 'theirs'));
		const base = device.row('a');
		const { overview, secret } = newKey('a, mine', 'mine');
		const result = await device.keyholder.save([{ kind: 'change', base, overview, secret }]);
		if (result.outcome !== 'saved') throw new Error('not saved');
		expect(result.beside).toHaveLength(1);
		expect(result.beside[0]).not.toBe(base.item);
		expect(result.keys.map(({ item }) => item)).toEqual(result.beside);
		expect(device.names).toEqual(['a', 'a, mine']);
		expect(await device.valueOf('a')).toBe(valueOf('theirs'));
		expect(await device.valueOf('a, mine')).toBe(valueOf('mine'));
	});

	test('keep both when one changed the value and the other the name', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		const device = await interrupted(world, 1, () => rival.rewrite('a', 'theirs'));
		const base = device.row('a');
		const overview = { ...base.overview, name: 'renamed' };
		const result = await device.keyholder.save([{ kind: 'change', base, overview }]);
		expect(result).toMatchObject({ outcome: 'saved', beside: [expect.any(String)] });
		expect(await device.valueOf('renamed')).toBe(valueOf('theirs'));
		expect(device.row('renamed').overview.fields).toEqual(device.row('a').overview.fields);
	});

	test('keep one key of one that yields', async () => {
		const world = new World();
		const rival = await world.account(['a', 'b']);
		const device = await interrupted(world, 1, () => rival.rewrite('a', 'theirs'));
		const edits = ['a', 'b'].map((name) => {
			const base = device.row(name);
			const { secret } = newKey(name, 'mine');
			return { kind: 'change', base, overview: base.overview, secret, yields: true } as const;
		});
		const result = await device.keyholder.save(edits);
		expect(result).toMatchObject({
			outcome: 'saved',
			beside: [],
			keys: [{ item: edits[1]?.base.item }]
		});
		expect(await freshNames(world)).toEqual(['a', 'b']);
		expect(await device.valueOf('a')).toBe(valueOf('theirs'));
		expect(await device.valueOf('b')).toBe(valueOf('mine'));
	});

	test('bring no key back with an edit that yields', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		const device = await interrupted(world, 1, () => rival.drop('a'));
		const base = device.row('a');
		const { overview, secret } = newKey('a', 'mine');
		await device.keyholder.save([{ kind: 'change', base, overview, secret, yields: true }]);
		expect(await freshNames(world)).toEqual([]);
	});

	test('delete a key once when both delete it', async () => {
		const world = new World();
		const rival = await world.account(['a', 'b']);
		const device = await interrupted(world, 1, () => rival.drop('a'));
		await device.drop('a');
		expect(await freshNames(world)).toEqual(['b']);
	});

	test('keep a key that one edits while the other deletes it', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		const device = await interrupted(world, 1, () => rival.drop('a'));
		const { item } = device.row('a');
		await device.rewrite('a', 'edited');
		expect(device.row('a').item).toBe(item);
		expect(await device.valueOf('a')).toBe(valueOf('edited'));
	});

	test('keep a key that one deletes while the other edits it', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		const device = await interrupted(world, 1, () => rival.rewrite('a', 'edited'));
		await device.drop('a');
		expect(await freshNames(world)).toEqual(['a']);
		expect(await device.valueOf('a')).toBe(valueOf('edited'));
	});

	test('are told that a key is gone when there is no value left to write', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		const device = await interrupted(world, 1, () => rival.drop('a'));
		const base = device.row('a');
		const overview = { ...base.overview, name: 'renamed' };
		const attempt = () => device.keyholder.save([{ kind: 'change', base, overview }]);
		expect(await errorOf(attempt)).toMatchObject(refusal('gone'));
		expect(await freshNames(world)).toEqual([]);
	});
});

describe('a save whose answer never came, tried again', () => {
	const DAY = 86_400_000;

	/** A rotation that arrived unseen, and another try a minute later; how long the old value stays. */
	async function keptAfter(first: number, then: number): Promise<{ days: number; beside: number }> {
		const world = new World();
		await world.account(['a']);
		const inner = world.server.device();
		let cut = false;
		let lost = 0;
		const device = new Device(async (url, init) => {
			if (cut) throw new TypeError('no network');
			const answer = await inner(url, init);
			cut = lost === 0 && url.endsWith('/commits');
			if (cut) lost++;
			if (cut) throw new TypeError('no network');
			return answer;
		});
		await device.unlock();
		const base = device.row('a');
		const before = [{ name: 'key', value: valueOf('a') }];
		const rotation = (now: number, days: number) => {
			const { overview, secret } = newKey('a', 'new');
			const until = now + days * DAY;
			const previous = [{ replacedAt: now, keepUntil: until, fields: before }];
			const said = { ...overview, previousCount: 1, previousUntil: until };
			const written = { overview: said, secret: { ...secret, previous } };
			return [{ kind: 'change', base, ...written }] as const;
		};
		await errorOf(() => device.keyholder.save(rotation(NOW, first)));
		cut = false;
		const saved = await device.keyholder.save(rotation(NOW + 60_000, then));
		if (saved.outcome !== 'saved') throw new Error('not saved');
		const [row] = saved.keys;
		const until = row?.overview.previousUntil ?? NaN;
		return { days: Math.floor((until - NOW) / DAY), beside: saved.beside.length };
	}

	test('is the same save where the old value is kept as long', async () => {
		expect(await keptAfter(7, 7)).toEqual({ days: 7, beside: 0 });
	});

	test('is another one where it is to be kept for another time', async () => {
		expect((await keptAfter(7, 1)).days).toBe(1);
	});
});

describe('a save whose answer was lost', () => {
	async function lost() {
		const world = new World();
		const device = await world.account(['a']);
		const vault = device.vault.id;
		const add = (name: string) => [{ kind: 'add', vault, ...newKey(name) }] as const;
		const tries: SaveTry[] = [];
		device.wire.tamper = () => 'nothing';
		await errorOf(() => device.keyholder.save(add('b'), undefined, tries));
		device.wire.tamper = undefined;
		return { device, add, tries, before: device.wire.exchanges.length };
	}

	function methods(device: Device, before: number): string[] {
		return device.wire.exchanges.slice(before).map(({ method }) => method);
	}

	test('is looked for before anything else is saved', async () => {
		const { device, add, before } = await lost();
		expect((await device.keyholder.save(add('c'))).outcome).toBe('saved');
		expect(methods(device, before)).toEqual(['GET', 'POST']);
		expect(device.names).toEqual(['a', 'b', 'c']);
		await device.keyholder.save(add('d'));
		expect(methods(device, before)).toEqual(['GET', 'POST', 'POST']);
	});

	test('is looked for also where it was sent before the last lock', async () => {
		const { device, add, tries } = await lost();
		device.keyholder.lock();
		await device.unlock();
		const before = device.wire.exchanges.length;
		const saved = await device.keyholder.save(add('c'), undefined, tries);
		expect(methods(device, before)[0]).toBe('GET');
		expect(saved.outcome).toBe('saved');
	});

	test('is the same save when it is tried again, and no earlier one', async () => {
		const world = new World();
		const device = await world.account();
		const edits = () => [{ kind: 'add', vault: device.vault.id, ...newKey('b') }] as const;
		device.wire.tamper = () => 'nothing';
		await errorOf(() => device.keyholder.save(edits()));
		device.wire.tamper = undefined;
		const saved = await device.keyholder.save(edits());
		expect(Object.keys(saved).sort()).toEqual(['beside', 'keys', 'outcome']);
		expect(device.names).toEqual(['b']);
	});
});

describe('an edit', () => {
	test('that adds one key and deletes another does both in one save', async () => {
		const device = await new World().account(['a']);
		const add = { kind: 'add', vault: device.vault.id, ...newKey('b') } as const;
		await device.keyholder.save([add, { kind: 'drop', base: device.row('a') }]);
		expect(device.names).toEqual(['b']);
	});

	test('of the overview alone writes no secret', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const [before] = world.storedVault().secrets.values();
		const base = device.row('a');
		const overview = { ...base.overview, trashedAt: NOW };
		await device.keyholder.save([{ kind: 'change', base, overview }]);
		expect([...world.storedVault().secrets.values()]).toEqual([before]);
		expect(device.row('a').overview.trashedAt).toBe(NOW);
		expect(await device.valueOf('a')).toBe(valueOf('a'));
	});

	test('that started from an old row saves beside, even without a race', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const base = device.row('a');
		await device.rewrite('a', 'second');
		const { overview, secret } = newKey('a again', 'third');
		const result = await device.keyholder.save([{ kind: 'change', base, overview, secret }]);
		expect(result).toMatchObject({ outcome: 'saved', beside: [expect.any(String)] });
		expect(device.names).toEqual(['a', 'a again']);
	});

	test('keeps members that this version does not know', async () => {
		const world = new World();
		const device = await world.account();
		const { overview, secret } = newKey('a');
		const later = {
			...overview,
			colour: 'green',
			fields: [{ name: 'key', hidden: true, shape: 1 }]
		};
		const vault = device.vault.id;
		await device.keyholder.save([{ kind: 'add', vault, overview: later, secret }]);
		const other = await second(world);
		const base = other.row('a');
		await other.keyholder.save([
			{ kind: 'change', base, overview: { ...base.overview, name: 'b' } }
		]);
		await device.keyholder.refresh();
		expect(device.row('b').overview).toMatchObject({ colour: 'green', fields: [{ shape: 1 }] });
	});

	test('fills in fingerprints, equal for equal values', async () => {
		const world = new World();
		const device = await world.account();
		const vault = device.vault.id;
		const edits = ['a', 'b', 'c'].map((name) => {
			const key = newKey(name, name === 'c' ? 'other' : 'same');
			return { kind: 'add', vault, ...key } as const;
		});
		await device.keyholder.save(edits);
		const print = (name: string) => device.row(name).overview.fields[0]?.fingerprint;
		expect(print('a')).toMatch(/^[A-Za-z0-9_-]{22}$/);
		expect(print('a')).toBe(print('b'));
		expect(print('c')).not.toBe(print('a'));
		expect(await device.keyholder.fingerprint(vault, valueOf('same'))).toBe(print('a'));
	});

	test('fills in those of previous values, of the newest ten, and of none that is there still', async () => {
		const world = new World();
		const device = await world.account();
		const vault = device.vault.id;
		const { overview, secret } = newKey('a', 'now');
		const previous = ['before', 'now'].map((value) => ({
			replacedAt: NOW,
			fields: [{ name: 'key', value: valueOf(value) }]
		}));
		await device.keyholder.save([
			{ kind: 'add', vault, overview, secret: { ...secret, previous } }
		]);
		expect(device.row('a').overview.previousFingerprints).toEqual([
			await device.keyholder.fingerprint(vault, valueOf('before'))
		]);
	});

	test('has no fingerprint of a previous value that is gone', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const base = device.row('a');
		const overview = { ...base.overview, previousFingerprints: ['x'.repeat(22)] };
		const { secret } = newKey('a');
		await device.keyholder.save([{ kind: 'change', base, overview, secret }]);
		expect(device.row('a').overview).not.toHaveProperty('previousFingerprints');
	});

	test('of many keys is one commit', async () => {
		const world = new World();
		const device = await world.account();
		await device.add(...Array.from({ length: 200 }, (_, index) => `key ${String(index)}`));
		expect(world.storedVault().chain.seq).toBe(2);
		expect(world.storedVault().sheets.size).toBe(4);
		expect(await freshNames(world)).toHaveLength(200);
	});

	test('makes its vault verified now, and no other', async () => {
		const world = new World();
		(await world.account(['a'])).keyholder.lock();
		let now = NOW;
		const device = world.device(undefined, { now: () => now });
		await device.unlock();
		now += 60_000;
		await device.keyholder.vaults.make('Second');
		now += 60_000;
		await device.add('b');
		const times = device.keyholder.view().vaults.map(({ verifiedAtMs }) => verifiedAtMs - NOW);
		expect(times).toEqual([120_000, 60_000]);
		expect(device.keyholder.view().verifiedAtMs).toBe(NOW);
	});

	test('that lost a race makes its vault verified when it caught up', async () => {
		const world = new World();
		const rival = await world.account(['a']);
		let now = NOW;
		const device = world.device(undefined, { now: () => now });
		await device.unlock();
		await rival.add('theirs');
		now += 60_000;
		await device.add('mine');
		expect(device.vault.verifiedAtMs).toBe(now);
		now += 60_000;
		expect((await device.keyholder.refresh()).vaults[0]?.verifiedAtMs).toBe(now);
	});

	test('of nothing sends nothing', async () => {
		const device = await new World().account();
		const sent = device.wire.exchanges.length;
		expect(await device.keyholder.save([])).toEqual({ outcome: 'saved', keys: [], beside: [] });
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('twice of one key in one save is refused', async () => {
		const device = await new World().account(['a']);
		const base = device.row('a');
		const drop = { kind: 'drop', base } as const;
		expect(await errorOf(() => device.keyholder.save([drop, drop]))).toMatchObject(
			refusal('invalid')
		);
	});
});

describe('saves of one page', () => {
	test('run one after another, without racing each other', async () => {
		const world = new World();
		const device = await world.account();
		await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => device.add(name)));
		expect(device.names).toHaveLength(7);
		const conflicts = device.wire.exchanges.filter(({ status }) => status === 409);
		expect(conflicts).toEqual([]);
	});
});

describe('what does not fit', () => {
	async function refusalOf(change: (row: ReturnType<typeof newKey>) => object): Promise<unknown> {
		const device = await new World().account();
		const sent = device.wire.exchanges.length;
		const key = { ...newKey('a'), ...change(newKey('a')) };
		const edit = { kind: 'add', vault: device.vault.id, ...key } as const;
		const error = await errorOf(() => device.keyholder.save([edit]));
		expect(device.wire.exchanges).toHaveLength(sent);
		await device.add('still works');
		return error;
	}

	test('an entry over 4,000 bytes is too large, and says by how much', async () => {
		const error = await refusalOf(({ overview }) => ({
			overview: { ...overview, note: 'x'.repeat(4_000) }
		}));
		expect(error).toMatchObject({ code: 'too-large', detail: { limit: 4_000 } });
	});

	test('a secret over 65,532 bytes is too large', async () => {
		const error = await refusalOf(() => ({
			secret: { v: 1, fields: [{ name: 'key', value: 'x'.repeat(65_532) }] }
		}));
		expect(error).toMatchObject({ code: 'too-large', detail: { limit: 65_532 } });
	});

	test('a lone surrogate, a foreign version, a depth over 8 are invalid', async () => {
		const wrongs = [
			{ name: 'a \ud800' },
			{ v: 2 },
			{ x: { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } } },
			{ fields: 'none' }
		];
		for (const wrong of wrongs) {
			const error = await refusalOf(({ overview }) => ({ overview: { ...overview, ...wrong } }));
			expect(error).toMatchObject(refusal('invalid'));
		}
	});

	test('a key of another vault is gone', async () => {
		const device = await new World().account(['a']);
		const base: KeyRow = { ...device.row('a'), vault: 'AAAAAAAAAAAAAAAAAAAAAA' };
		expect(await errorOf(() => device.keyholder.save([{ kind: 'drop', base }]))).toMatchObject(
			refusal('gone')
		);
	});

	test('keys of two vaults at once are refused before anything is written', async () => {
		const device = await new World().account(['a']);
		const elsewhere: KeyRow = { ...device.row('a'), vault: 'AAAAAAAAAAAAAAAAAAAAAA' };
		const sent = device.wire.exchanges.length;
		const edits = [
			{ kind: 'add', vault: device.vault.id, ...newKey('b') },
			{ kind: 'drop', base: elsewhere }
		] as const;
		expect(await errorOf(() => device.keyholder.save(edits))).toMatchObject(refusal('invalid'));
		expect(device.wire.exchanges).toHaveLength(sent);
		expect(device.names).toEqual(['a']);
	});
});
