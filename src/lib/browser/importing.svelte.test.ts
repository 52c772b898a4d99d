import { describe, expect, test } from 'vitest';
import { Importing } from '#lib/browser/importing.svelte.ts';
import type { FoundRow, HereKey } from '#lib/browser/import-rows.ts';
import { rowOf, VAULT } from '../../../tests/browser/keys.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

function row(name: string, more: Partial<FoundRow> = {}): FoundRow {
	return { line: 1, name, envVars: [], more: 0, ...more };
}

function key(name: string, more: Partial<HereKey> = {}): HereKey {
	const place = { project: '', environment: '' };
	return { item: `id-${name}`, name, envVars: [], ...place, active: true, ...more };
}

async function open(rows: readonly FoundRow[] = [row('A')], here: readonly HereKey[] = []) {
	const world = new World();
	await world.unlock([rowOf('a')]);
	world.host.imported = { format: 'dotenv', rows, here, refused: [] };
	return { world, importing: new Importing(world.session) };
}

/** The same, stopped while it is written. */
async function openStopped() {
	const { world, importing } = await open();
	await importing.read(FILE, {}, VAULT);
	world.host.hold();
	const writing = importing.write();
	await settled();
	importing.stop();
	return { world, importing, writing };
}

const FILE = { name: '.env', blob: new Blob(['A=b']) };

describe('read', () => {
	test('shows what is proposed', async () => {
		const { importing } = await open([row('A'), row('B', { setting: true })]);
		expect(await importing.read(FILE, {}, VAULT)).toBe('read');
		expect(importing.choices).toEqual(['add', 'skip']);
		expect(importing.counts).toEqual({ added: 1, beside: 0, replaced: 0, skipped: 1 });
	});

	test('hands an own backup or export on without reading it', async () => {
		const { world, importing } = await open();
		const plain = '\uFEFF{"vaults":[],"madeAt":7,"v":1}';
		for (const start of [
			'age-encryption.org/v1\n',
			'-----BEGIN AGE ENCRYPTED FILE-----\n',
			plain
		]) {
			const source = { name: 'x.age', blob: new Blob([start]) };
			expect(await importing.read(source, {}, VAULT)).toBe('backup');
		}
		expect(world.host.asked.join()).not.toContain('readImport');
	});

	test('refuses a file by its size', async () => {
		const { world, importing } = await open();
		const source = { name: 'x', blob: new Blob([new Uint8Array(50 * 1024 * 1024 + 1)]) };
		expect(await importing.read(source, {}, VAULT)).toBe('failed');
		expect(importing.fault).toEqual({ code: 'import-too-large' });
		expect(world.host.asked.join()).not.toContain('readImport');
	});

	test('waits for a password, and keeps none', async () => {
		const { world, importing } = await open();
		world.host.importAnswer = 'needs-password';
		expect(await importing.read(FILE, {}, VAULT)).toBe('needs-password');
		expect(await importing.read(FILE, { password: 'wrong' }, VAULT)).toBe('wrong-password');
		expect(importing.needsPassword).toBe(true);
		expect(await importing.read(FILE, { password: 'right' }, VAULT)).toBe('read');
		expect(importing.choice).toEqual({});
	});

	test('that was stopped shows nothing', async () => {
		const { world, importing } = await open();
		world.host.hold();
		const reading = importing.read(FILE, {}, VAULT);
		await settled();
		importing.stop();
		await world.host.release();
		expect(await reading).toBe('stopped');
		expect(importing.preview).toBeUndefined();
	});
});

describe('chooseAll', () => {
	test('replaces only what can be replaced', async () => {
		const { importing } = await open([row('A'), row('A'), row('C')], [key('A')]);
		await importing.read(FILE, {}, VAULT);
		importing.chooseAll('same-name', 'replace');
		expect(importing.choices).toEqual(['replace', 'add', 'add']);
	});
});

describe('project and environment', () => {
	const live = { project: 'atlas', environment: 'production' };
	const variable = { envVars: ['A'] };

	async function openMeeting() {
		const rows = [row('A', variable), row('B', { setting: true }), row('C')];
		const opened = await open(rows, [key('live', { ...variable, ...live }), key('C')]);
		await opened.importing.read(FILE, {}, VAULT);
		return opened.importing;
	}

	test('decide which key a row meets, and what is proposed', async () => {
		const importing = await openMeeting();
		expect(importing.preview?.rows[0]).toMatchObject({ kind: 'new' });
		importing.project = 'atlas';
		importing.environment = 'production';
		expect(importing.preview?.rows[0]).toMatchObject({ kind: 'same-variable', meets: 'live' });
		expect(importing.choices).toEqual(['replace', 'skip', 'add']);
		expect(importing.counts).toEqual({ added: 0, beside: 1, replaced: 1, skipped: 1 });
		importing.environment = '';
		expect(importing.choices).toEqual(['add', 'skip', 'add']);
	});

	test('leave alone what the person has chosen', async () => {
		const importing = await openMeeting();
		importing.choices = ['skip', 'add', 'replace'];
		importing.project = 'atlas';
		importing.environment = 'production';
		expect(importing.choices).toEqual(['skip', 'add', 'replace']);
	});

	test('leave alone what is proposed and was chosen all the same', async () => {
		const { importing } = await open([row('C', variable)], [key('C', variable)]);
		await importing.read(FILE, {}, VAULT);
		expect(importing.choices).toEqual(['replace']);
		importing.choose(0, 'replace');
		importing.project = 'atlas';
		expect(importing.choices).toEqual(['replace']);
	});

	test('leave alone what was chosen for all of a kind', async () => {
		const { importing } = await open([row('C', variable)], [key('C', variable)]);
		await importing.read(FILE, {}, VAULT);
		importing.chooseAll('same-name', 'replace');
		importing.project = 'atlas';
		expect(importing.choices).toEqual(['replace']);
	});

	test('propose anew where what was chosen cannot be done any more', async () => {
		const { importing } = await open([row('C', variable)], [key('A', variable)]);
		await importing.read(FILE, {}, VAULT);
		importing.choose(0, 'replace');
		importing.project = 'atlas';
		expect(importing.choices).toEqual(['add']);
		importing.project = '';
		expect(importing.choices).toEqual(['replace']);
	});

	test('say why a key is replaced no more', async () => {
		const { importing } = await open([row('C', variable)], [key('C', variable)]);
		await importing.read(FILE, {}, VAULT);
		expect(importing.preview?.rows[0]).not.toHaveProperty('elsewhere');
		importing.project = 'atlas';
		expect(importing.choices).toEqual(['add']);
		expect(importing.preview?.rows[0]).toMatchObject({ kind: 'same-name', elsewhere: 'C' });
	});

	test('do not turn a chosen replacement to another key', async () => {
		const { importing } = await open(
			[row('A', variable)],
			[key('A'), key('live', { ...variable, ...live, active: false })]
		);
		await importing.read(FILE, {}, VAULT);
		importing.choices = ['replace'];
		importing.project = 'atlas';
		importing.environment = 'production';
		expect(importing.preview?.rows[0]).toMatchObject({ item: 'id-live' });
		expect(importing.choices).toEqual(['add']);
	});
});

describe('write', () => {
	test('sends what was chosen, and notes it', async () => {
		const { world, importing } = await open();
		world.host.importResult = { outcome: 'written', done: 1, commits: 1, unfit: [] };
		await importing.read(FILE, {}, VAULT);
		importing.environment = 'production';
		expect(await importing.write()).toBe('written');
		expect(world.host.wishes).toEqual([
			{ choices: ['add'], project: '', environment: 'production' }
		]);
		expect(importing.written).toMatchObject({ added: 1 });
		expect(world.host.notes).toEqual([{ act: 'changed', did: 'created', count: 1 }]);
	});

	test('shows how many keys are sealed', async () => {
		const { world, importing } = await open();
		await importing.read(FILE, {}, VAULT);
		world.host.hold();
		const writing = importing.write();
		await settled();
		expect(importing.progress).toEqual({ done: 1, total: 2 });
		await world.host.release();
		await writing;
		expect(importing.progress).toBeUndefined();
	});

	test('says how many are in after it was interrupted', async () => {
		const { world, importing } = await open();
		world.host.importResult = { outcome: 'conflict', done: 5, commits: 2, unfit: [] };
		await importing.read(FILE, {}, VAULT);
		expect(await importing.write()).toBe('conflict');
		expect(importing.partly).toBe(5);
	});

	test('that was stopped keeps the file and what was chosen', async () => {
		const { world, importing, writing } = await openStopped();
		world.host.importResult = { outcome: 'stopped', done: 0, commits: 1, unfit: [] };
		await world.host.release();
		expect(await writing).toBe('stopped');
		expect(importing.preview?.rows).toHaveLength(1);
		expect(world.host.asked).toContain('stopImport');
	});

	test('that was stopped tells what is in by then', async () => {
		const { world, importing, writing } = await openStopped();
		world.host.importResult = { outcome: 'stopped', done: 9_747, commits: 2, unfit: [] };
		await world.host.release();
		expect(await writing).toBe('stopped');
		expect(importing.partly).toBe(9_747);
		expect(importing.commits).toBe(2);
	});

	test('that was stopped too late is written', async () => {
		const { world, importing, writing } = await openStopped();
		await world.host.release();
		expect(await writing).toBe('written');
		expect(importing.written).toMatchObject({ added: 1 });
	});

	test('that failed tells why, and what is in', async () => {
		const { world, importing } = await open();
		const fault = { code: 'quota' } as const;
		world.host.importResult = { outcome: 'failed', fault, done: 5, commits: 2, unfit: [] };
		await importing.read(FILE, {}, VAULT);
		expect(await importing.write()).toBe('failed');
		expect(importing.fault).toEqual(fault);
		expect(importing.partly).toBe(5);
	});

	test('keeps the file and the vault while a part of it is in', async () => {
		const { world, importing } = await open();
		world.host.importResult = { outcome: 'stopped', done: 5, commits: 2, unfit: [] };
		await importing.read(FILE, {}, VAULT);
		await importing.write();
		await importing.into('another');
		await importing.read({ name: 'other', blob: new Blob(['B=c']) }, {}, VAULT);
		expect(importing.vault).toBe(VAULT);
		expect(importing.source).toBe(FILE);
		expect(importing.partly).toBe(5);
	});

	test('lists rows that no key can hold among what is not taken', async () => {
		const { world, importing } = await open([row('A'), row('B', { line: 2 })]);
		world.host.importResult = { outcome: 'written', done: 1, commits: 1, unfit: [1] };
		await importing.read(FILE, {}, VAULT);
		await importing.write();
		expect(importing.preview?.refused).toEqual([{ line: 2, what: 'B', why: 'too-long' }]);
		expect(importing.written).toMatchObject({ added: 1, skipped: 1 });
	});

	test('goes on while one is elsewhere', async () => {
		const { world, importing } = await open();
		await importing.read(FILE, {}, VAULT);
		world.host.hold();
		const writing = importing.write();
		await settled();
		importing.leave();
		await world.host.release();
		expect(await writing).toBe('written');
		expect(world.host.asked.join()).not.toContain('stopImport');
	});

	test('can be undone when one comes back', async () => {
		const { importing } = await open();
		await importing.read(FILE, {}, VAULT);
		await importing.write();
		importing.leave();
		expect(importing.written).toBeDefined();
		expect(await importing.undo()).toBe('undone');
	});

	test('that has not begun is forgotten elsewhere', async () => {
		const { importing } = await open();
		await importing.read(FILE, {}, VAULT);
		importing.leave();
		expect(importing.preview).toBeUndefined();
	});
});

describe('undo', () => {
	test('tells what it left', async () => {
		const { world, importing } = await open();
		await importing.read(FILE, {}, VAULT);
		await importing.write();
		world.host.undoLeft = 2;
		expect(await importing.undo()).toBe('undone');
		expect(importing.left).toBe(2);
	});

	test('forgets the file', async () => {
		const { importing } = await open();
		await importing.read(FILE, {}, VAULT);
		await importing.write();
		expect(await importing.undo()).toBe('undone');
		expect(importing.written).toBeUndefined();
		expect(importing.source).toBeUndefined();
	});
});

test('a lock forgets the file', async () => {
	const { world, importing } = await open();
	await importing.read(FILE, {}, VAULT);
	importing.project = 'atlas';
	world.session.lock();
	expect(importing.preview).toBeUndefined();
	expect(importing.choices).toEqual([]);
	expect([importing.vault, importing.project]).toEqual(['', '']);
});
