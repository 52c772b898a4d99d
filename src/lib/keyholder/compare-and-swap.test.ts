import { describe, expect, test } from 'vitest';
import { ApiError } from '#lib/api/client.ts';
import { compareAndSwap, sendOrFind, type Sent } from '#lib/keyholder/compare-and-swap.ts';
import type { SaveTry } from '#lib/keyholder/views.ts';
import { Device, errorOf, newKey, NOW, World } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

async function second(world: World): Promise<Device> {
	const device = world.device();
	await device.unlock();
	return device;
}

async function freshNames(world: World): Promise<string[]> {
	return (await second(world)).names;
}

describe('a save whose answer was lost', () => {
	/** Loses the answers of the next commits, and of what is asked about them. */
	function deaf(device: Device): () => void {
		device.wire.tamper = () => 'nothing';
		return () => {
			device.wire.tamper = undefined;
		};
	}

	test('is told of as the earlier one where another save of the same form finds it', async () => {
		const world = new World();
		const device = await world.account();
		const vault = device.vault.id;
		const [first, second] = ['a', 'b'].map((name) => {
			return [{ kind: 'add', vault, ...newKey(name) } as const];
		});
		if (first === undefined || second === undefined) throw new Error('no edits');
		const tries: SaveTry[] = [];
		const hear = deaf(device);
		await errorOf(() => device.keyholder.save(first, undefined, tries));
		hear();
		const found = await device.keyholder.save(second, undefined, tries);
		expect(found).toMatchObject({ outcome: 'saved', earlier: first });
		expect(await freshNames(world)).toEqual(['a']);
		const saved = await device.keyholder.save(second, undefined, []);
		expect(saved).toMatchObject({ outcome: 'saved' });
		expect(saved).not.toHaveProperty('earlier');
		expect(await freshNames(world)).toEqual(['a', 'b']);
	});

	test('is recognised when the same is saved again: the key is there once', async () => {
		const world = new World();
		const device = await world.account();
		const vault = device.vault.id;
		const hear = deaf(device);
		const attempt = (at: number) => {
			const { overview, secret } = newKey('a');
			const moved = { ...overview, createdAt: at, changedAt: at };
			return device.keyholder.save([{ kind: 'add', vault, overview: moved, secret }]);
		};
		expect(await errorOf(() => attempt(1))).toMatchObject(refusal('offline'));
		expect(world.storedVault().chain.seq).toBe(2);
		hear();
		const found = await attempt(2);
		expect(found).toMatchObject({ outcome: 'saved', beside: [] });
		expect(found).not.toHaveProperty('earlier');
		expect(await freshNames(world)).toEqual(['a']);
	});

	test('is recognised once: who then saves the same again wants it twice', async () => {
		const world = new World();
		const device = await world.account();
		const edit = { kind: 'add', vault: device.vault.id, ...newKey('a') } as const;
		const hear = deaf(device);
		await errorOf(() => device.keyholder.save([edit]));
		hear();
		await device.keyholder.save([edit]);
		expect(await freshNames(world)).toEqual(['a']);
		await device.keyholder.save([edit]);
		expect(await freshNames(world)).toEqual(['a', 'a']);
	});

	test('is looked for only if it was sent', async () => {
		const device = await new World().account();
		const vault = device.vault.id;
		const large = { kind: 'add', vault, ...newKey('large', 'x'.repeat(70_000)) } as const;
		expect(await errorOf(() => device.keyholder.save([large]))).toMatchObject(refusal('too-large'));
		const before = device.wire.exchanges.length;
		await device.add('a');
		expect(device.wire.exchanges.slice(before).map(({ method }) => method)).toEqual(['POST']);
	});

	test('is the same only if what was said of the value before is', async () => {
		for (const [spans, names] of [
			[[500, 500], ['a']],
			[
				[500, 700],
				['a', 'a']
			]
		] as const) {
			const world = new World();
			const device = await world.account();
			const vault = device.vault.id;
			const hear = deaf(device);
			const attempt = (replacedAt: number, span: number) => {
				const { overview, secret } = newKey('a');
				const keepUntil = replacedAt + span;
				const previous = [{ replacedAt, keepUntil, fields: newKey('before').secret.fields }];
				const edit = { kind: 'add', vault, overview, secret: { ...secret, previous } } as const;
				return device.keyholder.save([edit]);
			};
			await errorOf(() => attempt(NOW, spans[0]));
			hear();
			await attempt(NOW + 60, spans[1]);
			expect(await freshNames(world)).toEqual(names);
		}
	});

	test('is recognised after a refresh too', async () => {
		const world = new World();
		const device = await world.account();
		const edit = { kind: 'add', vault: device.vault.id, ...newKey('a') } as const;
		const hear = deaf(device);
		await errorOf(() => device.keyholder.save([edit]));
		hear();
		await device.keyholder.refresh();
		expect((await device.keyholder.save([edit])).outcome).toBe('saved');
		expect(await freshNames(world)).toEqual(['a']);
	});

	test('is written when it had not arrived', async () => {
		const world = new World();
		const inner = world.server.device();
		let down = false;
		const device = new Device((url, init) =>
			down ? Promise.reject(new TypeError('down')) : inner(url, init)
		);
		await world.account();
		await device.unlock();
		const edit = { kind: 'add', vault: device.vault.id, ...newKey('a') } as const;
		down = true;
		expect(await errorOf(() => device.keyholder.save([edit]))).toMatchObject(refusal('offline'));
		down = false;
		expect((await device.keyholder.save([edit])).outcome).toBe('saved');
		expect(await freshNames(world)).toEqual(['a']);
	});

	test('does not swallow another save', async () => {
		const world = new World();
		const device = await world.account();
		const vault = device.vault.id;
		const hear = deaf(device);
		await errorOf(() => device.keyholder.save([{ kind: 'add', vault, ...newKey('a') }]));
		hear();
		await device.add('b');
		expect(await freshNames(world)).toEqual(['a', 'b']);
	});
});

describe('sendOrFind', () => {
	type Answer = { outcome: 'stored'; seq: number } | { outcome: 'conflict'; head: string } | 'lost';

	/** Sends against these answers; `there` says whether the write is found when it is looked for. */
	async function tried(answers: Answer[], there: boolean) {
		const looks: (string | undefined)[] = [];
		let sent = 0;
		const send = () => {
			const answer = answers[sent++];
			if (answer === undefined || answer === 'lost') return Promise.reject(new ApiError('offline'));
			return Promise.resolve(answer);
		};
		const outcome = await sendOrFind<string>({ seq: 7, send }, (served) => {
			looks.push(served);
			return Promise.resolve(there);
		}).catch((error: unknown) => (error as ApiError).code);
		return { outcome, sent, looks };
	}

	test('is done when it is stored, and looks for nothing', async () => {
		const answers: Answer[] = [{ outcome: 'stored', seq: 7 }];
		expect(await tried(answers, false)).toEqual({ outcome: 'stored', sent: 1, looks: [] });
	});

	test('looks into the head of a conflict before it calls it one', async () => {
		const answers: Answer[] = [{ outcome: 'conflict', head: 'theirs' }];
		const looks = ['theirs'];
		expect(await tried(answers, false)).toEqual({ outcome: 'conflict', sent: 1, looks });
		expect(await tried(answers, true)).toEqual({ outcome: 'found', sent: 1, looks });
	});

	test('after a lost answer looks, and sends the same once more if it is not there', async () => {
		const answers: Answer[] = ['lost', { outcome: 'stored', seq: 7 }];
		const looks = [undefined];
		expect(await tried(answers, false)).toEqual({ outcome: 'stored', sent: 2, looks });
		expect(await tried(answers, true)).toEqual({ outcome: 'found', sent: 1, looks });
	});

	test('tells of a second loss', async () => {
		const looks = [undefined, undefined];
		expect(await tried(['lost', 'lost'], false)).toEqual({ outcome: 'offline', sent: 2, looks });
	});

	test('refuses another seq than was sent', async () => {
		const answers: Answer[] = [{ outcome: 'stored', seq: 8 }];
		expect(await tried(answers, false)).toMatchObject({ outcome: 'integrity', sent: 1 });
	});
});

describe('compareAndSwap', () => {
	type Answer =
		{ outcome: 'stored'; seq: number } | { outcome: 'conflict'; head: string } | ApiError;

	/** Hashes of one byte: how many attempts were prepared when it was made. */
	const hashOf = (attempt: number) => new Uint8Array([attempt]);

	/**
	 * Writes against these answers.
	 *
	 * @param arrived after how many looks, if ever, the first attempt is met in the chain
	 */
	async function swapped(answers: Answer[], arrived = Infinity) {
		const did: string[] = [];
		const sent: Sent<string>[] = [];
		let prepared = 0;
		let looked = 0;
		const prepare = () => {
			const number = ++prepared;
			return Promise.resolve({
				hash: hashOf(number),
				result: `attempt ${String(number)}`,
				seq: 7,
				send: async () => {
					did.push(`send ${String(number)}`);
					const answer = answers[number - 1];
					if (answer === undefined || answer instanceof Error) throw answer ?? new Error('none');
					return await Promise.resolve(answer);
				},
				adopt: async () => {
					did.push('adopt');
					await Promise.resolve();
				},
				catchUp: async (served?: string) => {
					looked++;
					did.push(`catch up ${await Promise.resolve(served ?? 'by asking')}`);
				}
			});
		};
		const hasArrived = ([number]: Uint8Array) => number === 1 && looked >= arrived;
		const outcome = await compareAndSwap(prepare, hasArrived, sent).catch(
			(error: unknown) => (error as ApiError).code
		);
		return { outcome, did, sent: sent.map(({ result }) => result) };
	}

	const lost = new ApiError('offline');
	const stored = { outcome: 'stored', seq: 7 } as const;
	const conflict = { outcome: 'conflict', head: 'theirs' } as const;

	test('adopts what was stored', async () => {
		expect(await swapped([stored])).toEqual({
			outcome: { result: 'attempt 1' },
			did: ['send 1', 'adopt'],
			sent: ['attempt 1']
		});
	});

	test('after a lost race catches up with what won, and writes again', async () => {
		expect(await swapped([conflict, stored])).toEqual({
			outcome: { result: 'attempt 2' },
			did: ['send 1', 'catch up theirs', 'send 2', 'adopt'],
			sent: ['attempt 1', 'attempt 2']
		});
	});

	test('gives up after five lost races, and adopts nothing', async () => {
		const { outcome, did, sent } = await swapped(Array.from({ length: 9 }, () => conflict));
		expect(outcome).toBeUndefined();
		expect(did.filter((step) => step.startsWith('send'))).toHaveLength(5);
		expect(did).not.toContain('adopt');
		expect(sent).toHaveLength(5);
	});

	test('after a lost answer asks for what is there, and writes again if it is not the write', async () => {
		expect(await swapped([lost, stored])).toEqual({
			outcome: { result: 'attempt 2' },
			did: ['send 1', 'catch up by asking', 'send 2', 'adopt'],
			sent: ['attempt 1', 'attempt 2']
		});
	});

	test('finds a write whose answer was lost, and sends nothing more', async () => {
		const did = ['send 1', 'catch up by asking'];
		const outcome = { result: 'attempt 1' };
		expect(await swapped([lost], 1)).toMatchObject({ outcome, did });
	});

	test('finds a write that arrived late, behind a race that another attempt lost', async () => {
		const did = ['send 1', 'catch up by asking', 'send 2', 'catch up theirs'];
		const outcome = { result: 'attempt 1' };
		expect(await swapped([lost, conflict], 2)).toMatchObject({ outcome, did });
	});

	test('tells of a second lost answer, races between them or not', async () => {
		for (const answers of [
			[lost, lost],
			[lost, conflict, lost]
		]) {
			const { outcome, did } = await swapped([...answers, stored]);
			expect(outcome).toBe('offline');
			expect(did).not.toContain('adopt');
		}
	});

	test('tells at once of a refusal: that was an answer', async () => {
		expect(await swapped([new ApiError('busy'), stored])).toMatchObject({
			outcome: 'busy',
			did: ['send 1']
		});
	});

	test('refuses another seq than was sent', async () => {
		const { outcome, did } = await swapped([{ outcome: 'stored', seq: 8 }]);
		expect([outcome, did]).toEqual(['integrity', ['send 1']]);
	});

	test('sends nothing where nothing is left to write', async () => {
		const sent: Sent<string>[] = [];
		const prepare = () => Promise.resolve({ done: 'nothing' });
		expect(await compareAndSwap(prepare, () => false, sent)).toEqual({ result: 'nothing' });
		expect(sent).toEqual([]);
	});

	test('finds what was sent earlier while it prepares, and sends nothing', async () => {
		const earlier = { hash: hashOf(1), result: 'earlier' };
		const prepare = () => Promise.resolve({ done: 'nothing' });
		expect(await compareAndSwap(prepare, () => true, [earlier])).toBe(earlier);
	});
});
