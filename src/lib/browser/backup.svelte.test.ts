import { describe, expect, test } from 'vitest';
import { Backup } from '#lib/browser/backup.svelte.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

async function open() {
	const world = new World();
	await world.unlock([rowOf('a'), rowOf('b')]);
	return { world, backup: new Backup(world.session) };
}

const FILE = new Blob(['age']);

describe('make', () => {
	test('gives a file with its name and its number of keys', async () => {
		const { backup } = await open();
		expect(await backup.make('right', { passphrase: 'phrase' }, 'keyhold.age')).toBe('made');
		expect(backup.made).toMatchObject({ name: 'keyhold.age', keys: 2 });
		expect(backup.made?.file.size).toBe(3);
		expect(backup.phase).toBe('idle');
	});

	test('reads nothing before the password is proved', async () => {
		const { world, backup } = await open();
		expect(await backup.make('wrong', { passphrase: 'phrase' }, 'x')).toBe('wrong-password');
		expect(world.host.asked).not.toContain('makeBackup');
	});

	test('shows how many keys were read', async () => {
		const { world, backup } = await open();
		world.host.hold();
		const making = backup.make('right', { passphrase: 'phrase' }, 'x');
		expect(backup.phase).toBe('proving');
		await world.host.next();
		expect(backup.phase).toBe('reading');
		expect(backup.progress).toEqual({ done: 0, total: 2 });
		await world.host.release();
		await making;
		expect(backup.progress).toBeUndefined();
	});

	test('shows what failed', async () => {
		const { world, backup } = await open();
		world.fail('memory');
		expect(await backup.make('right', { passphrase: 'phrase' }, 'x')).toBe('failed');
		expect(backup.fault).toEqual({ code: 'memory' });
	});
});

describe('exportPlain', () => {
	test.each([
		['env', 'text/plain'],
		['json', 'application/json']
	] as const)('gives a file of %s that says what it is', async (form, type) => {
		const { world, backup } = await open();
		expect(await backup.exportPlain('right', { form, items: ['a'] }, `x.${form}`)).toBe('made');
		expect(backup.made).toMatchObject({ name: `x.${form}`, keys: 1, file: { type, size: 2 } });
		expect(world.host.asked).toContain(`exportPlain ${form} a`);
	});

	test('reads nothing before the password is proved', async () => {
		const { world, backup } = await open();
		const wish = { form: 'env', items: ['a'] } as const;
		expect(await backup.exportPlain('wrong', wish, 'x')).toBe('wrong-password');
		expect(world.host.asked.filter((asked) => asked.startsWith('exportPlain'))).toEqual([]);
		expect(backup.made).toBeUndefined();
	});
});

describe('the log', () => {
	test('is told of every file that was made, what kind it is and how many keys are in it', async () => {
		const { world, backup } = await open();
		await backup.make('right', { passphrase: 'phrase' }, 'x');
		await backup.exportPlain('right', { form: 'env', items: ['a', 'b'] }, 'x');
		await backup.exportPlain('right', { form: 'json', items: ['a'] }, 'x');
		expect(world.host.notes).toEqual([
			{ act: 'exported', form: 'age', count: 2 },
			{ act: 'exported', form: 'env', count: 2 },
			{ act: 'exported', form: 'json', count: 1 }
		]);
	});

	test('is told nothing of one that was not made', async () => {
		const { world, backup } = await open();
		const wish = { form: 'env', items: ['a'] } as const;
		await backup.exportPlain('wrong', wish, 'x');
		world.host.hold();
		const stopped = backup.exportPlain('right', wish, 'x');
		await settled();
		backup.stop();
		await world.host.release();
		expect(await stopped).toBe('stopped');
		world.fail('offline');
		expect(await backup.exportPlain('right', wish, 'x')).toBe('failed');
		expect(world.host.notes).toEqual([]);
	});
});

describe('stop', () => {
	test('ends what is under way, and its answer is not shown', async () => {
		const { world, backup } = await open();
		world.host.hold();
		const opening = backup.open(FILE, 'right');
		await settled();
		backup.stop();
		expect(backup.phase).toBe('idle');
		await world.host.release();
		expect(await opening).toBe('stopped');
		expect(backup.preview).toBeUndefined();
		expect(world.host.asked).toContain('stopBackup');
	});
});

describe('open', () => {
	test('shows what restoring would do', async () => {
		const { backup } = await open();
		expect(await backup.open(FILE, 'right')).toBe('opened');
		expect(backup.preview?.counts).toEqual({ new: 1, beside: 0, same: 0 });
	});

	test('answers a wrong passphrase', async () => {
		const { backup } = await open();
		expect(await backup.open(FILE, 'wrong')).toBe('wrong-passphrase');
	});

	test('refuses a file of more than 50 MiB before it is read', async () => {
		const { world, backup } = await open();
		const huge = { size: 50 * 1024 * 1024 + 1 } as Blob;
		expect(await backup.open(huge, 'right')).toBe('failed');
		expect(backup.fault).toEqual({ code: 'file-too-large' });
		expect(world.host.asked).not.toContain('openBackup');
	});
});

describe('restore', () => {
	test('brings the keys into the list', async () => {
		const { world, backup } = await open();
		await backup.open(FILE, 'right');
		expect(await backup.restore()).toBe('restored');
		expect(world.session.view?.vaults[0]?.keys).toHaveLength(3);
		expect(backup.preview).toBeUndefined();
	});

	test('does nothing without a preview', async () => {
		const { world, backup } = await open();
		expect(await backup.restore()).toBe('nothing');
		expect(world.host.asked).not.toContain('restoreBackup');
	});

	test('shows how many keys are in, while it runs and after it was interrupted', async () => {
		const { world, backup } = await open();
		await backup.open(FILE, 'right');
		world.host.restoring = { done: 3, total: 9 };
		world.host.hold();
		const restoring = backup.restore();
		await settled();
		expect(backup.phase).toBe('restoring');
		expect(backup.progress).toEqual({ done: 3, total: 9 });
		world.fail('offline');
		await world.host.next();
		world.host.fault = undefined;
		await world.host.release();
		expect(await restoring).toBe('failed');
		expect(backup.progress).toBeUndefined();
		expect(backup.restored).toEqual({ done: 3, total: 9 });
		expect(backup.preview).toBeDefined();
		expect(world.host.asked.at(-1)).toBe('view');
	});

	test('shows what it will do instead, where one step is too small', async () => {
		const { world, backup } = await open();
		await backup.open(FILE, 'right');
		world.host.divides = true;
		expect(await backup.restore()).toBe('divided');
		expect(backup.preview?.commits).toBe(2);
	});

	test('keeps the preview after a conflict', async () => {
		const { world, backup } = await open();
		await backup.open(FILE, 'right');
		world.host.saved = 'conflict';
		expect(await backup.restore()).toBe('conflict');
		expect(backup.preview).toBeDefined();
	});
});

describe('a lock', () => {
	test('forgets file and preview', async () => {
		const { world, backup } = await open();
		await backup.make('right', { passphrase: 'phrase' }, 'x');
		await backup.open(FILE, 'right');
		world.session.lock();
		expect(backup.preview).toBeUndefined();
		expect(backup.made).toBeUndefined();
	});
});
