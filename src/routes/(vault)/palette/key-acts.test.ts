import { describe, expect, test } from 'vitest';
import { settled } from '../../../../tests/browser/settled.ts';
import { rowOf } from '../../../../tests/browser/keys.ts';
import { WalletWorld } from '../../../../tests/browser/wallet-world.ts';
import { Vaults } from '#lib/browser/vaults.svelte.ts';
import type { Overview } from '#lib/items/key.ts';
import * as m from '#lib/i18n/generated/messages.js';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { Speech } from '../../speech.svelte.ts';
import { Copying } from '../wallet/copying.svelte.ts';
import type { PanelForm } from '../wallet/fragment.ts';
import type { Command } from './commands.ts';
import { keyActs } from './key-acts.ts';

/** A wallet with one key, which is open. */
class Desk extends WalletWorld {
	readonly vaults = new Vaults(this.session, this.wallet);
	readonly speech = new Speech();
	/** The form that stands in the place of the panel. */
	form: PanelForm | undefined;
	/** Forms that were asked for. */
	readonly shown: PanelForm[] = [];
	closed = 0;
	opened = 0;

	static async open(members: Partial<Overview> = {}, more: Partial<KeyRow> = {}): Promise<Desk> {
		const desk = new Desk();
		await desk.unlock([{ ...rowOf('Stripe', members), ...more }]);
		return desk;
	}

	get acts(): readonly Command[] {
		const [key] = this.wallet.all;
		if (key === undefined) throw new Error('no key');
		return keyActs(key, this.form, {
			...{ wallet: this.wallet, vaults: this.vaults, speech: this.speech },
			copying: new Copying(this.wallet, this.clipboard, this.speech, this.session),
			open: () => {
				this.opened++;
				return Promise.resolve();
			},
			showForm: (form) => void this.shown.push(form),
			close: () => {
				this.closed++;
				return Promise.resolve();
			}
		});
	}

	get ids(): string[] {
		return this.acts.map(({ id }) => id);
	}

	get overview(): Overview | undefined {
		return this.host.rows[0]?.overview;
	}

	async run(id: string): Promise<void> {
		const command = this.acts.find((one) => one.id === id);
		if (command === undefined) throw new Error(`there is no ${id}`);
		command.act();
		// What only who copies so needs is loaded first.
		await import('#lib/items/copy-forms.ts');
		await settled();
	}
}

describe('keyActs', () => {
	test('of a key in use copy it in every form, reveal, change, revoke, archive and trash it', async () => {
		const desk = await Desk.open({ url: 'https://example.org/keys' });
		expect(desk.ids).toEqual([
			...['copy-value-0', 'copy-assignment-0', 'copy-export-0', 'copy-bearer-0'],
			...['copy-json-0', 'copy-curl-0', 'reveal', 'edit', 'rotate', 'page'],
			...['revoke', 'archive', 'trash', 'mark']
		]);
	});

	test.each([
		[
			'revoked',
			{ status: 'revoked', revoked: { at: 1 } },
			['use-again', 'archive', 'trash', 'mark']
		],
		['archived', { status: 'archived', archivedAt: 1 }, ['use-again', 'trash', 'mark']]
	] as const)('of one that is %s take it into use again', async (_status, members, last) => {
		const desk = await Desk.open(members);
		expect(desk.ids.slice(-last.length)).toEqual(last);
		expect(desk.ids).not.toContain('revoke');
		expect(desk.ids).not.toContain('rotate');
	});

	test('are none of a key in the trash', async () => {
		expect((await Desk.open({ trashedAt: 1 })).ids).toEqual([]);
	});

	test('neither copy nor reveal what cannot be opened', async () => {
		const { ids } = await Desk.open({}, { unreadable: true });
		expect(ids.filter((id) => id.startsWith('copy') || id === 'reveal')).toEqual([]);
	});

	test('have ids that differ, and labels that name the key', async () => {
		const desk = await Desk.open({
			fields: [
				{ name: 'client id', hidden: false },
				{ name: 'client secret', hidden: true }
			]
		});
		expect(new Set(desk.ids).size).toBe(desk.ids.length);
		expect(desk.acts.filter(({ label }) => !label.includes('Stripe'))).toEqual([]);
		expect(new Set(desk.acts.map(({ label }) => label)).size).toBe(desk.ids.length);
	});

	test('of a key with several values copy each alone, in every form, and all of them', async () => {
		const desk = await Desk.open({
			fields: [
				{ name: 'id', hidden: false },
				{ name: 'secret', hidden: true }
			]
		});
		expect(desk.ids).toEqual(
			expect.arrayContaining(['copy-value-1', 'copy-all-env', 'copy-all-json', 'copy-bearer-1'])
		);
	});

	test('of a key with several values begin with the one that its row shows', async () => {
		const desk = await Desk.open({
			fields: [
				{ name: 'id', hidden: false },
				{ name: 'secret', hidden: true }
			]
		});
		expect(desk.ids.filter((id) => id.startsWith('copy-value'))).toEqual([
			'copy-value-1',
			'copy-value-0'
		]);
	});

	test.each(['copy-value-1', 'copy-bearer-1'])(
		'say which of several values was copied by %s',
		async (id) => {
			const desk = await Desk.open({
				fields: [
					{ name: 'id', hidden: false },
					{ name: 'key', hidden: true }
				]
			});
			desk.host.values.set('id-Stripe', [
				{ name: 'id', value: 'one' },
				{ name: 'key', value: 'other' }
			]);
			await desk.run(id);
			expect(desk.clipboard.held?.label).toBe(m.copied_value({ field: 'key', name: 'Stripe' }));
			expect(desk.speech.said?.text).toContain('key of Stripe');
		}
	);

	test('copy the value in the form that was chosen', async () => {
		const desk = await Desk.open({ envVars: ['STRIPE_KEY'] });
		await desk.run('copy-export-0');
		expect(desk.written).toEqual(["export STRIPE_KEY='value of Stripe'"]);
		expect(desk.speech.said?.text).toContain('Stripe');
	});

	test('reveal it, and hide it while it is shown', async () => {
		const desk = await Desk.open();
		await desk.run('reveal');
		expect(desk.opened).toBe(1);
		expect(desk.wallet.reveals.now.shown?.id).toBe('id-Stripe');
		expect(desk.ids).not.toContain('reveal');
		await desk.run('hide');
		expect(desk.wallet.reveals.any).toBe(false);
	});

	test('do not reveal it beside a form, which shows the values itself', async () => {
		const desk = await Desk.open();
		desk.form = 'edit';
		expect(desk.ids).not.toContain('reveal');
	});

	test('ask for the reason before it is revoked', async () => {
		const desk = await Desk.open();
		await desk.run('revoke');
		expect(desk.shown).toEqual(['revoke']);
		expect(desk.overview?.status).toBe('active');
	});

	test('archive it, and take it into use again', async () => {
		const desk = await Desk.open();
		await desk.run('archive');
		expect(desk.overview?.status).toBe('archived');
		await desk.run('use-again');
		expect(desk.overview?.status).toBe('active');
		expect(desk.speech.said?.text).toBe(m.end_used_again({ name: 'Stripe' }));
	});

	test('put it into the trash, and leave its panel only then', async () => {
		const desk = await Desk.open();
		desk.host.saved = 'conflict';
		await desk.run('trash');
		expect(desk.closed).toBe(0);
		desk.host.saved = 'saved';
		await desk.run('trash');
		expect(desk.closed).toBe(1);
		expect(desk.overview?.trashedAt).toBeDefined();
	});

	test('mark it, and take the mark off', async () => {
		const desk = await Desk.open();
		await desk.run('mark');
		expect(desk.wallet.marked.has('id-Stripe')).toBe(true);
		expect(desk.speech.said?.text).toBe(m.bulk_marked({ keys: m.keys_count({ count: 1 }) }));
		expect(desk.acts.at(-1)?.label).toBe(m.palette_unmark({ name: 'Stripe' }));
		await desk.run('mark');
		expect(desk.wallet.marked.size).toBe(0);
	});

	test('ask where it is to go, where there is another vault', async () => {
		const desk = await Desk.open();
		expect(desk.ids).not.toContain('move');
		desk.host.vaultNames.set('vault-work', 'Work');
		await desk.session.look();
		await desk.run('move');
		expect(desk.vaults.question?.about).toBe('move');
	});
});
