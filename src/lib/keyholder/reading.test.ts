import { describe, expect, test } from 'vitest';
import { SecretError } from '#lib/keyholder/errors.ts';
import { alone, isNewer } from '#lib/keyholder/reading.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { Device, errorOf, PASSWORD, valueOf, World } from '../../../tests/hostile/harness.ts';
import { changing, type Members } from '../../../tests/hostile/moves.ts';
import { bytes, vaultNamed } from '../../../tests/hostile/open-accounts.ts';
import { refusal } from '../../../tests/refusals.ts';

async function two(names: readonly string[] = ['a']) {
	const world = new World();
	const device = await world.account(names);
	const other = world.device();
	await other.unlock();
	return { world, device, other, before: device.wire.exchanges.length };
}

function requests(device: Device, before: number): string[] {
	return device.wire
		.requests()
		.slice(before)
		.map((request) => request.replace(/vaults\/[^/]+/, 'vault'));
}

const SECRETS = 'POST /api/v1/vault/secrets';
const VAULT = 'GET /api/v1/vault';

describe('a secret', () => {
	test('is fetched when it is used, in one request', async () => {
		const { device, before } = await two();
		expect(await device.valueOf('a')).toBe(valueOf('a'));
		expect(requests(device, before)).toEqual([SECRETS]);
		const { body } = device.wire.exchanges.at(-1) ?? {};
		const { item } = device.row('a');
		expect(JSON.parse(body ?? '')).toEqual({ items: [item], purpose: 'copy' });
	});

	test('of a key that is not there is gone, and nothing is asked', async () => {
		const { device, before } = await two();
		const ref = { vault: device.vault.id, item: 'A'.repeat(22) };
		const error = await errorOf(() => device.keyholder.read(ref, 'copy'));
		expect(error).toMatchObject({ ...refusal('gone'), message: 'the key was deleted' });
		expect(device.wire.exchanges).toHaveLength(before);
	});

	test('that another device has deleted is gone, once the vault says so', async () => {
		const { device, other, before } = await two();
		const row = device.row('a');
		await other.drop('a');
		const error = await errorOf(() => device.keyholder.read(row, 'copy'));
		expect(error).toMatchObject(refusal('gone'));
		expect(requests(device, before)).toEqual([SECRETS, VAULT]);
	});

	test('that another device wrote anew is read with its row, and the vault is caught up with', async () => {
		const { device, other, before } = await two();
		const row = device.row('a');
		await other.rewrite('a', 'second');
		const read = await device.keyholder.read(row, 'copy');
		expect(read.secret.fields[0]?.value).toBe(valueOf('second'));
		expect(read.row.revision).toBeGreaterThan(row.revision);
		expect(requests(device, before)).toEqual([SECRETS, VAULT]);
	});

	test('that is written once more between the answer and the look is asked for again', async () => {
		const { device, other, before } = await two();
		await other.rewrite('a', 'second');
		device.wire.tamper = async (_, { path }) => {
			if (!path.endsWith('/secrets')) return undefined;
			device.wire.tamper = undefined;
			await other.rewrite('a', 'third');
			return undefined;
		};
		expect(await device.valueOf('a')).toBe(valueOf('third'));
		expect(requests(device, before)).toEqual([SECRETS, VAULT, SECRETS]);
	});

	test('that is written again and again is asked for twice, and no more', async () => {
		const { world, other } = await two();
		const inner = world.server.device();
		const device = new Device(async (url, init) => {
			if (!url.endsWith('/secrets')) return await inner(url, init);
			await other.rewrite('a', 'before');
			const answer = await inner(url, init);
			await other.rewrite('a', 'after');
			return answer;
		});
		await device.unlock();
		const before = device.wire.exchanges.length;
		const error = await errorOf(() => device.valueOf('a'));
		expect(error).toMatchObject(refusal('integrity'));
		expect(requests(device, before)).toEqual([SECRETS, VAULT, SECRETS, VAULT]);
	});
});

describe('a secret that is not the listed one', () => {
	async function refused(change: (secrets: Members[]) => unknown, names = ['a']) {
		const { device, before } = await two(names);
		device.wire.tamper = changing('/secrets', (json) => ({
			secrets: change(json['secrets'] as Members[])
		}));
		const error = await errorOf(() => device.valueOf('a'));
		return { error, device, requests: requests(device, before) };
	}

	test('is refused where the server withholds it, and all speaking ends', async () => {
		const { device } = await two();
		const problem = { type: 'about:blank', title: 'No.', status: 404, code: 'not-found' };
		device.wire.tamper = (_, { path }) =>
			path.endsWith('/secrets')
				? { status: 404, type: 'application/problem+json', json: problem }
				: undefined;
		const error = await errorOf(() => device.valueOf('a'));
		expect(error).toMatchObject({
			...refusal('integrity'),
			message: 'a listed secret is missing'
		});
		device.wire.tamper = undefined;
		expect(await errorOf(() => device.keyholder.refresh())).toMatchObject(refusal('integrity'));
	});

	test('is refused where there are others than were asked for', async () => {
		const { error } = await refused(([first]) => [first, first]);
		expect(error).toMatchObject({
			...refusal('integrity'),
			message: 'another number of secrets than asked for'
		});
	});

	test('is refused where it is another item’s', async () => {
		const { error } = await refused(([first]) => [{ ...first, item: 'A'.repeat(22) }]);
		expect(error).toMatchObject({
			...refusal('integrity'),
			message: 'another secret than asked for'
		});
	});

	test('is refused where it is an older one', async () => {
		const { device, other } = await two();
		const kept = await device.keyholder.read(device.row('a'), 'copy');
		const { answer } = device.wire.exchanges.at(-1) ?? {};
		await other.rewrite('a', 'second');
		await device.keyholder.refresh();
		device.wire.tamper = changing('/secrets', () => JSON.parse(answer ?? '') as unknown);
		const error = await errorOf(() => device.valueOf('a'));
		expect(kept.secret.fields[0]?.value).toBe(valueOf('a'));
		expect(error).toMatchObject({
			...refusal('integrity'),
			message: 'secret of another revision than listed'
		});
	});

	test('is refused where its bytes are others, and nothing else ends', async () => {
		const { error, device } = await refused(([first]) => {
			const blob = Buffer.from(String(first?.['blob']), 'base64url').fill(7, 40, 50);
			return [{ ...first, blob: blob.toString('base64url') }];
		});
		expect(error).toBeInstanceOf(SecretError);
		expect(error).toMatchObject({
			...refusal('integrity'),
			message: 'another secret than listed'
		});
		device.wire.tamper = undefined;
		expect(await device.valueOf('a')).toBe(valueOf('a'));
	});
});

describe('several secrets', () => {
	/** Reads all of `a` and `b` while another device writes just before and just after the answer. */
	async function readWhile(before: (other: Device) => Promise<void>, after = before) {
		const { world, other } = await two(['a', 'b']);
		const inner = world.server.device();
		let asked = 0;
		const device = new Device(async (url, init) => {
			const isFirst = url.endsWith('/secrets') && asked++ === 0;
			if (isFirst) await before(other);
			const answer = await inner(url, init);
			if (isFirst && after !== before) await after(other);
			return answer;
		});
		await device.unlock();
		await device.keyholder.prove(PASSWORD);
		const [vault] = await device.keyholder.readAll();
		return vault?.keys.map(({ secret }) => secret.fields[0]?.value).sort();
	}

	const nothing = () => Promise.resolve();

	test('of which one was written anew are read as they are now', async () => {
		const values = await readWhile((other) => other.rewrite('a', 'new'));
		expect(values).toEqual([valueOf('b'), valueOf('new')]);
	});

	test('of which one is older by the time of the look are asked for again', async () => {
		const values = await readWhile(
			(other) => other.rewrite('a', 'new'),
			(other) => other.rewrite('b', 'newer')
		);
		expect(values).toEqual([valueOf('new'), valueOf('newer')]);
	});

	test('of which one was deleted are read without it', async () => {
		expect(await readWhile((other) => other.drop('a'))).toEqual([valueOf('b')]);
	});

	test('of which one is gone by the time of the look are read without it', async () => {
		const values = await readWhile(
			(other) => other.rewrite('a', 'new'),
			(other) => other.drop('b')
		);
		expect(values).toEqual([valueOf('new')]);
	});

	test('of which the second is another one are refused', async () => {
		const { device } = await two(['a', 'b']);
		device.wire.tamper = changing('/secrets', (json) => {
			const [first, second] = json['secrets'] as Members[];
			return { secrets: [first, { ...second, item: 'A'.repeat(22) }] };
		});
		await device.keyholder.prove(PASSWORD);
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject({
			...refusal('integrity'),
			message: 'another secret than asked for'
		});
	});

	test('are read as they are where nobody writes', async () => {
		expect(await readWhile(nothing)).toEqual([valueOf('a'), valueOf('b')]);
	});
});

describe('what is wrong with one secret', () => {
	test('is told as such, with its code', async () => {
		const failing = () => Promise.reject(new ProtocolError('integrity', 'not genuine'));
		const error = await errorOf(() => alone(failing));
		expect(error).toBeInstanceOf(SecretError);
		expect(error).toMatchObject({ ...refusal('integrity'), message: 'not genuine' });
	});

	test('is no mistake of our own', async () => {
		const mistake = new TypeError('undefined is not a function');
		expect(await errorOf(() => alone(() => Promise.reject(mistake)))).toBe(mistake);
	});
});

describe('a secret that is served', () => {
	test('is newer than what is listed, or than nothing', async () => {
		const vault = await vaultNamed('a');
		const of = (item: string, revision: number) =>
			isNewer(vault, { item, revision, blob: bytes() });
		expect([of('item', 3), of('item', 4), of('another', 1)]).toEqual([false, true, true]);
	});
});
