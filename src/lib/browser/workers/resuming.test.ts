import { describe, expect, test } from 'vitest';
import { resumeLent } from '#lib/browser/workers/resuming.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';
import type { Lent } from '#lib/keyholder/lent.ts';
import { encloseKeys } from '#lib/protocol/account-keys.ts';

const bytes = new Uint8Array(32);
const lent: Lent = {
	account: 'account',
	generation: 1,
	slot: { id: 'slot', kind: 1 },
	keys: await encloseKeys({ manifest: bytes, vaultWrap: bytes, settings: bytes }),
	autoLock: {}
};

/** A worker that asks a lender, and what it does. */
class Tab {
	readonly did: string[] = [];
	/** What the lender answers, one after another. */
	answers: (Lent | undefined)[] = [lent, lent];
	resume: () => Promise<{ outcome: 'unlocked' | 'stale' }> = () =>
		Promise.resolve({ outcome: 'unlocked' });

	async open() {
		const { did } = this;
		const keyholder = {
			lending: { resume: () => this.resume(), lend: () => Promise.resolve(undefined) },
			lock: () => {
				did.push('lock');
			}
		} satisfies Pick<Keyholder, 'lending' | 'lock'>;
		const lender = {
			ask: () => Promise.resolve(this.answers.shift()),
			rest: () => {
				did.push('rest');
			},
			withdraw: () => {
				did.push('withdraw');
			}
		};
		return await resumeLent(keyholder, lender, () => undefined);
	}
}

describe('resumeLent', () => {
	test('opens what is lent', async () => {
		const tab = new Tab();
		expect(await tab.open()).toEqual({ outcome: 'unlocked' });
		expect(tab.did).toEqual([]);
	});

	test('opens nothing where nothing is lent', async () => {
		const tab = new Tab();
		tab.answers = [undefined];
		expect(await tab.open()).toEqual({ outcome: 'nothing' });
	});

	test('leaves nothing open that another tab has locked while this one fetched', async () => {
		const tab = new Tab();
		tab.answers = [lent, undefined];
		expect(await tab.open()).toEqual({ outcome: 'nothing' });
		expect(tab.did).toEqual(['lock', 'rest']);
	});

	test('keeps no part in keys that were replaced', async () => {
		const tab = new Tab();
		tab.resume = () => Promise.resolve({ outcome: 'stale' });
		expect(await tab.open()).toEqual({ outcome: 'stale' });
		expect(tab.did).toEqual(['lock', 'rest']);
	});

	test('takes it back for all if the session has ended', async () => {
		const tab = new Tab();
		tab.resume = () => Promise.reject(new KeyholderError('auth', 'no session'));
		expect(await tab.open()).toEqual({ outcome: 'ended' });
		expect(tab.did).toEqual(['withdraw']);
	});

	test('leaves to other tabs what this one could not open', async () => {
		const tab = new Tab();
		tab.resume = () => Promise.reject(new KeyholderError('rollback', 'last week'));
		await expect(tab.open()).rejects.toThrow('last week');
		expect(tab.did).toEqual(['rest']);
	});
});
