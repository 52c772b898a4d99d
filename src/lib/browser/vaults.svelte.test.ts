import { describe, expect, test } from 'vitest';
import { tagKeys } from '#lib/browser/bulk.ts';
import { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { VaultWork } from '#lib/browser/vault-work.svelte.ts';
import { Vaults } from '#lib/browser/vaults.svelte.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { rowOf, VAULT } from '../../../tests/browser/keys.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { WalletWorld } from '../../../tests/browser/wallet-world.ts';

const WORK = 'vault-work';

class Desk extends WalletWorld {
	readonly vaults = new Vaults(this.session, this.wallet);
	readonly stepUp = new StepUp(this.session);
	readonly work = new VaultWork(this.session, this.stepUp);

	/** An account with the vaults Personal and Work. */
	static async open(rows: readonly KeyRow[] = []): Promise<Desk> {
		const desk = new Desk();
		await desk.unlock(rows);
		desk.host.vaultNames.set(WORK, 'Work');
		await desk.session.look();
		return desk;
	}

	get names(): string[] {
		return this.wallet.rows.map(({ row }) => row.overview.name);
	}
}

const inWork = (row: KeyRow): KeyRow => ({ ...row, vault: WORK });
const HOME = rowOf('home');
const OFFICE = inWork(rowOf('office'));

describe('the vault that is shown', () => {
	test('is all of them at first, and one when it is chosen', async () => {
		const { vaults, wallet } = await Desk.open([HOME, OFFICE]);
		expect(vaults.shown).toBeUndefined();
		expect(wallet.counts.listed).toBe(2);
		vaults.show(WORK);
		expect(vaults.shown?.name).toBe('Work');
		expect(wallet.rows.map(({ row }) => row.overview.name)).toEqual(['office']);
		vaults.show(undefined);
		expect(wallet.counts.listed).toBe(2);
	});

	test('sets its own trash apart, and finds a key of another one still', async () => {
		const { vaults, wallet } = await Desk.open([
			HOME,
			{ ...OFFICE, overview: { ...OFFICE.overview, trashedAt: 1 } }
		]);
		vaults.show(VAULT);
		expect(wallet.trashed).toEqual([]);
		expect(wallet.find(OFFICE.item)?.row.vault).toBe(WORK);
	});

	test('takes the new keys; else the first does', async () => {
		const { vaults, wallet } = await Desk.open();
		expect(wallet.vault?.id).toBe(VAULT);
		vaults.show(WORK);
		expect(wallet.vault?.id).toBe(WORK);
	});

	test('is all of them again, once it is there no more', async () => {
		const desk = await Desk.open([HOME, OFFICE]);
		desk.vaults.show(WORK);
		desk.host.vaultNames.delete(WORK);
		await desk.session.look();
		expect(desk.vaults.shown).toBeUndefined();
		expect(desk.names).toEqual(['home']);
	});
});

describe('edits of several vaults', () => {
	test('are one commit for each', async () => {
		const { wallet, host } = await Desk.open([HOME, OFFICE]);
		const saved = await wallet.trash([HOME, OFFICE]);
		expect(saved).toMatchObject({ outcome: 'saved', keys: [{ vault: VAULT }, { vault: WORK }] });
		expect(host.edits.map((edits) => edits.length)).toEqual([1, 1]);
	});

	test.each(['conflict', 'full'] as const)(
		'of which one is refused (%s) are shown as they are, and what was done can be undone',
		async (by) => {
			const desk = await Desk.open([HOME, OFFICE]);
			const { wallet, host } = desk;
			host.refusing = { vault: WORK, by };
			const saved = await wallet.trash([HOME, OFFICE]);
			expect(saved.outcome).toBe(by === 'conflict' ? 'conflict' : 'failed');
			expect(wallet.trashed.map(({ row }) => row.vault)).toEqual([VAULT]);
			expect(wallet.undo?.names).toEqual(['home']);
			await wallet.takeBack();
			expect(wallet.trashed).toEqual([]);
		}
	);

	test('that add a tag can be undone where they were written', async () => {
		const { wallet, host } = await Desk.open([HOME, OFFICE]);
		host.refusing = { vault: WORK, by: 'conflict' };
		await tagKeys(wallet, [HOME, OFFICE], 'x');
		expect(wallet.undo?.names).toEqual(['home']);
		await wallet.takeBack();
		expect(host.rows.map(({ overview }) => overview.tags)).toEqual([[], []]);
	});
});

describe('making and naming', () => {
	test('a new vault is in the list', async () => {
		const { work, vaults } = await Desk.open();
		const made = await work.make('Clients');
		expect(vaults.nameOf(made.outcome === 'made' ? made.vault : '')).toBe('Clients');
	});

	test('what failed stands as a fault', async () => {
		const desk = await Desk.open();
		desk.fail('full');
		expect(await desk.work.make('Clients')).toEqual({ outcome: 'failed' });
		expect(desk.work.fault).toEqual({ code: 'full' });
	});

	test('a lost race is said, and may be tried again', async () => {
		const { work, vaults, host } = await Desk.open();
		host.saved = 'conflict';
		const [first] = vaults.all;
		if (first === undefined) throw new Error('no vault');
		expect(await work.rename(first, 'Home')).toBe('conflict');
		host.saved = 'saved';
		expect(await work.rename(first, 'Home')).toBe('saved');
		expect(vaults.nameOf(VAULT)).toBe('Home');
	});
});

describe('dropping', () => {
	test('asks for the password, and says which state was seen', async () => {
		const { work, vaults, stepUp, host } = await Desk.open([HOME, OFFICE]);
		host.unproved = true;
		const vault = vaults.all[1];
		if (vault === undefined) throw new Error('no vault');
		const dropping = work.drop(vault);
		await settled();
		expect(stepUp.asking).toBe(true);
		await stepUp.prove('right');
		expect(await dropping).toBe('dropped');
		expect(host.asked).toContain(`dropVault ${WORK} 1`);
		expect(vaults.several).toBe(false);
	});
});

describe('moving', () => {
	test('goes in steps of one vault each, and tells how far it is', async () => {
		const rows = Array.from({ length: 25 }, (_, i) => rowOf(`key ${String(i)}`));
		const desk = await Desk.open(rows);
		desk.host.hold();
		const moving = desk.work.move(rows, WORK);
		await settled();
		expect(desk.work.moving).toEqual({ done: 0, total: 25 });
		await desk.host.next();
		expect(desk.work.moving).toEqual({ done: 20, total: 25 });
		await desk.host.release();
		expect(await moving).toMatchObject({ outcome: 'moved', left: 0 });
		expect(desk.work.moving).toBeUndefined();
		desk.vaults.show(WORK);
		expect(desk.wallet.counts.listed).toBe(25);
	});

	test('can be stopped between two steps', async () => {
		const rows = Array.from({ length: 25 }, (_, i) => rowOf(`key ${String(i)}`));
		const desk = await Desk.open(rows);
		desk.host.hold();
		const moving = desk.work.move(rows, WORK);
		await settled();
		desk.work.stop();
		await desk.host.release();
		const moved = await moving;
		expect(moved.outcome).toBe('stopped');
		desk.vaults.show(WORK);
		expect(desk.wallet.counts.listed).toBe(20);
	});

	test('can be undone: each key goes back to where it was', async () => {
		const desk = await Desk.open([HOME, OFFICE]);
		desk.host.vaultNames.set('vault-third', 'Third');
		const moved = await desk.work.move([HOME, OFFICE], 'vault-third');
		if (moved.outcome !== 'moved') throw new Error(moved.outcome);
		expect(await desk.work.moveBack(moved.moved)).toMatchObject({
			outcome: 'saved',
			keys: [{ vault: VAULT }, { vault: WORK }]
		});
		desk.vaults.show(WORK);
		expect(desk.names).toEqual(['office']);
	});

	test('is not said to be undone while a key stands in both vaults', async () => {
		const desk = await Desk.open([HOME]);
		const moved = await desk.work.move([HOME], WORK);
		if (moved.outcome !== 'moved') throw new Error(moved.outcome);
		desk.host.left = 1;
		expect(await desk.work.moveBack(moved.moved)).toEqual({ outcome: 'conflict' });
	});

	test.each([
		['conflict', { outcome: 'conflict' }, { code: 'not-undone' }],
		['offline', { outcome: 'failed', fault: { code: 'offline' } }, { code: 'offline' }]
	] as const)('that cannot be undone (%s) says so in the wallet', async (by, outcome, fault) => {
		const desk = await Desk.open([HOME]);
		const { wallet, work, host } = desk;
		const moved = await work.move([HOME], WORK);
		if (moved.outcome !== 'moved') throw new Error(moved.outcome);
		wallet.undoOffer.make('move', [HOME], () => work.moveBack(moved.moved));
		if (by === 'conflict') host.saved = 'conflict';
		else host.fault = { code: by };
		expect(await wallet.takeBack()).toEqual(outcome);
		expect(wallet.fault).toEqual(fault);
	});
});

describe('marks of keys that are to be moved', () => {
	async function marked(rows: readonly KeyRow[]): Promise<Desk> {
		const desk = await Desk.open(rows);
		desk.wallet.marked.add(rows.map(({ item }) => item));
		return desk;
	}

	/** As the dialog does it. */
	async function move(desk: Desk, rows: readonly KeyRow[]) {
		const moving = await desk.work.move(rows, WORK);
		desk.vaults.unmarkMoved(rows, WORK);
		return moving;
	}

	test('stay while the dialog asks, and where it is cancelled', async () => {
		const { vaults, wallet } = await marked([HOME, OFFICE]);
		vaults.ask({ about: 'move', rows: [HOME, OFFICE] });
		vaults.answered();
		expect(wallet.marked.size).toBe(2);
	});

	test('go once the keys are where they were to go, also of one that was there already', async () => {
		const desk = await marked([HOME, OFFICE]);
		await move(desk, [HOME, OFFICE]);
		expect(desk.wallet.marked.size).toBe(0);
	});

	test('stay where nothing was moved', async () => {
		const desk = await marked([HOME]);
		desk.host.saved = 'conflict';
		await move(desk, [HOME]);
		expect(desk.wallet.markedKeys.map(({ id }) => id)).toEqual([HOME.item]);
	});

	test('stay of what a move that was stopped has left, and of keys that were not moved', async () => {
		const rows = Array.from({ length: 25 }, (_, i) => rowOf(`key ${String(i)}`));
		const desk = await marked([...rows, rowOf('other')]);
		desk.host.hold();
		const moving = move(desk, rows);
		await settled();
		desk.work.stop();
		await desk.host.release();
		await moving;
		expect(desk.wallet.marked.size).toBe(6);
		expect(desk.wallet.markedKeys).toHaveLength(6);
	});
});
