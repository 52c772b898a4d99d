import { describe, expect, test } from 'vitest';
import type { PastedRow } from '#lib/browser/duplicates.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { dayOf } from '#lib/items/expiry.ts';
import type { Draft } from '#lib/items/key.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { Adding } from './adding.svelte.ts';

/** Put together at run time: the repository holds nothing that looks like a key. */
const STRIPE = ['sk', 'test', 'a1'.repeat(12)].join('_');
const GITHUB = ['ghp', 'B2'.repeat(18)].join('_');

function tokenUntil(seconds: number): string {
	const part = (json: unknown) => encode(utf8(JSON.stringify(json)));
	return `${part({ alg: 'none' })}.${part({ exp: seconds })}.c2ln`;
}

function compare(drafts: readonly Draft[]): Promise<PastedRow[]> {
	return Promise.resolve(drafts.map((draft) => ({ draft, duplicate: undefined, taken: true })));
}

function adding(): Adding {
	return new Adding(compare, undefined);
}

function type(page: Adding, value: string): void {
	const [field] = page.fields.values;
	if (field) field.value = value;
	page.recognise();
}

describe('a paste', () => {
	test('of a file for a service account says whose it is, as the form does', async () => {
		const page = adding();
		const file = { type: 'service_account', private_key: 'a key', client_email: 'deploy@x.test' };
		await page.read(JSON.stringify(file));
		expect(page.fields.provider).toBe('Google Cloud');
		expect(page.found).toEqual({
			recognised: true,
			text: m.add_found({ provider: 'Google Cloud' })
		});
	});

	test('leaves everything that was typed', async () => {
		const page = adding();
		const typed = {
			name: 'Mine',
			project: 'shop',
			tags: 'a, b',
			note: 'from Ann',
			url: 'https://example.com/',
			expiresOn: '2030-01-02',
			rotateEveryDays: '30',
			environment: 'staging'
		};
		Object.assign(page.fields, typed);
		expect(await page.read(STRIPE)).toBe('one');
		expect(page.fields).toMatchObject({
			...typed,
			provider: 'Stripe',
			values: [{ value: STRIPE }]
		});
		expect(page.replaced).toBe(false);
	});

	test('takes the place of what another one had filled in, also after one looked elsewhere', async () => {
		const page = adding();
		await page.read(STRIPE);
		page.fields.note = 'typed';
		const later = new Adding(compare, page.toKeep());
		await later.read(GITHUB);
		expect(later.fields).toMatchObject({
			name: 'GitHub',
			provider: 'GitHub',
			environment: '',
			note: 'typed'
		});
	});

	test('gives the value that it took the place of back', async () => {
		const page = adding();
		page.fields.name = 'Mine';
		type(page, 'half a key');
		await page.read(STRIPE);
		expect(page.replaced).toBe(true);
		page.undo();
		expect(page.fields).toMatchObject({
			name: 'Mine',
			provider: '',
			values: [{ value: 'half a key' }]
		});
		expect(page.replaced).toBe(false);
	});

	test('gives the list that it took the place of back, and what was typed before that', async () => {
		const page = adding();
		page.fields.name = 'Mine';
		expect(await page.read('A=1\nB=2\nnothing')).toBe('several');
		expect(page.replaced).toBe(false);
		const [first] = page.rows ?? [];
		if (first) first.taken = false;
		await page.read(STRIPE);
		page.undo();
		expect(page.rows?.map(({ draft, taken }) => [draft.name, taken])).toEqual([
			['A', false],
			['B', true]
		]);
		expect(page.leftOut).toEqual({ skipped: 1, which: [3], left: 0 });
		page.giveUpSeveral();
		expect(page.fields.name).toBe('Mine');
		expect(page.leftOut.skipped).toBe(0);
	});

	test('gives the value back after the same was pasted again', async () => {
		const page = adding();
		type(page, 'half a key');
		await page.read(STRIPE);
		await page.read(STRIPE);
		page.undo();
		expect(page.fields.values).toMatchObject([{ value: 'half a key' }]);
	});

	test('gives it back also after one looked elsewhere, and what was typed since stays', async () => {
		const page = adding();
		type(page, 'half a key');
		await page.read(STRIPE);
		page.fields.note = 'from Ann';
		const later = new Adding(compare, page.toKeep());
		expect(later.replaced).toBe(true);
		later.fields.project = 'shop';
		later.undo();
		expect(later.fields).toMatchObject({
			note: 'from Ann',
			project: 'shop',
			provider: '',
			values: [{ value: 'half a key' }]
		});
	});

	test('gives a list back also after one looked elsewhere', async () => {
		const page = adding();
		await page.read('A=1\nB=2');
		await page.read(STRIPE);
		const later = new Adding(compare, page.toKeep());
		later.undo();
		expect(later.rows?.map(({ draft }) => draft.name)).toEqual(['A', 'B']);
	});

	test('says whose the value is also after one looked elsewhere', async () => {
		const page = adding();
		await page.read(STRIPE);
		expect(page.found).toEqual({
			recognised: true,
			text: m.add_found_test({ provider: 'Stripe' })
		});
		expect(new Adding(compare, page.toKeep()).found).toEqual(page.found);
	});

	test('of a value that nobody knows is no success', async () => {
		const page = adding();
		await page.read('nobody knows this');
		expect(page.found).toEqual({ recognised: false, text: m.add_found_nothing() });
	});

	test('takes nothing along that was typed after it when it is undone', async () => {
		const page = adding();
		type(page, 'half a key');
		await page.read(STRIPE);
		page.fields.note = 'from Ann';
		page.undo();
		expect(page.fields).toMatchObject({ note: 'from Ann', provider: '' });
	});

	test('leaves what was typed into the box and not read', async () => {
		const page = adding();
		page.pasted = 'OPENAI_API_KEY=';
		await page.read(STRIPE);
		expect(page.pasted).toBe('OPENAI_API_KEY=');
		expect(await page.read('A=\nB=\n')).toBe('nothing');
		expect(page.pasted).toBe('OPENAI_API_KEY=\nA=\nB=\n');
	});

	test('takes the place of one that held nothing', async () => {
		const page = adding();
		await page.read('A=\nB=\n');
		await page.read(STRIPE);
		expect(page.pasted).toBe('');
	});

	test('is kept where one leaves while it is read', async () => {
		let answer = () => {};
		const asked = new Promise<PastedRow[]>((resolve) => {
			answer = () => {
				resolve([]);
			};
		});
		const page = new Adding(() => asked, undefined);
		const read = page.read('A=1\nB=2');
		expect(page.toKeep()?.paste?.text).toBe('A=1\nB=2');
		answer();
		await read;
	});

	test('offers nothing to come back where the same was pasted again', async () => {
		const page = adding();
		await page.read(STRIPE);
		await page.read(STRIPE);
		expect(page.replaced).toBe(false);
	});

	test('without a key in it stays in the box, and says so until it is changed', async () => {
		const page = adding();
		page.fields.name = 'Mine';
		expect(await page.read('A=\nB=\n')).toBe('nothing');
		expect(page.pasted).toBe('A=\nB=\n');
		expect(page.nothing).toBe(true);
		expect(page.fields.name).toBe('Mine');
		page.pasted = 'A=1';
		expect(page.nothing).toBe(false);
	});

	test('says what it left out of a single key as well', async () => {
		const page = adding();
		await page.read(JSON.stringify({ token: 'abc', port: 3000 }));
		expect(page.leftOut.skipped).toBe(1);
	});
});

describe('a value in the form', () => {
	test('fills what is still empty', () => {
		const page = adding();
		page.fields.name = 'Mine';
		type(page, STRIPE);
		expect(page.fields).toMatchObject({ name: 'Mine', provider: 'Stripe', environment: 'test' });
	});

	test('that is a token says when it ends, and another one says it anew', () => {
		const page = adding();
		type(page, tokenUntil(1_900_000_000));
		expect(page.fields.expiresOn).toBe(dayOf(1_900_000_000_000));
		type(page, tokenUntil(1_950_000_000));
		expect(page.fields.expiresOn).toBe(dayOf(1_950_000_000_000));
		type(page, 'no token');
		expect(page.fields.expiresOn).toBe('');
	});

	test('that is a token changes no day that was typed', () => {
		const page = adding();
		page.fields.expiresOn = '2030-01-02';
		type(page, tokenUntil(1_900_000_000));
		expect(page.fields.expiresOn).toBe('2030-01-02');
	});
});

describe('a save', () => {
	test('leaves nothing in the form', async () => {
		const page = adding();
		await page.read(STRIPE);
		page.saved(structuredClone(page.fields));
		expect(page.toKeep()).toBeUndefined();
	});

	test('leaves what came into the box', async () => {
		const page = adding();
		await page.read(STRIPE);
		page.pasted = 'B=2';
		page.saved(structuredClone(page.fields));
		expect(page.toKeep()?.paste?.text).toBe('B=2');
	});

	test('leaves what was typed while it went on', async () => {
		const page = adding();
		await page.read(STRIPE);
		const sent = structuredClone(page.fields);
		page.fields.note = 'later';
		page.saved(sent);
		expect(page.toKeep()?.fields.note).toBe('later');
	});
});

test('nothing is kept of a page on which nothing was typed', () => {
	expect(adding().toKeep()).toBeUndefined();
});
