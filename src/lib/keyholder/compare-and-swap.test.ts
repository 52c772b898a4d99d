import { describe, expect, test } from 'vitest';
import { ApiError } from '#lib/api/client.ts';
import { sendOrFind } from '#lib/keyholder/compare-and-swap.ts';
import { Device, errorOf, newKey, World } from '../../../tests/hostile/harness.ts';
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
		expect(await attempt(2)).toMatchObject({ outcome: 'saved', beside: [] });
		expect(await freshNames(world)).toEqual(['a']);
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
