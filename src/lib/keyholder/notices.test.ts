import { describe, expect, test } from 'vitest';
import { Holder } from '#lib/keyholder/holder.ts';
import { Notices } from '#lib/keyholder/notices.ts';
import { errorOf } from '../../../tests/hostile/harness.ts';
import { accountOf } from '../../../tests/hostile/open-accounts.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { refusal } from '../../../tests/refusals.ts';

function noticesOf(answer: object) {
	const { link, sent } = scriptedLink([answer]);
	const holder = new Holder(link.ports);
	holder.hold(holder.begin(), accountOf());
	return { notices: new Notices(holder), holder, sent };
}

describe('what the pages say by themselves', () => {
	test('is on which days this server reminds', async () => {
		const { notices, sent } = noticesOf({ mail: true, days: ['2026-12-01'] });
		expect(await notices.reminders()).toEqual({ mail: true, days: ['2026-12-01'] });
		expect(sent.map(({ request }) => request)).toEqual(['GET /api/v1/account/reminders']);
	});

	test('is whether the account is to be erased', async () => {
		const { notices, sent } = noticesOf({ eraseAtMs: 1_000 });
		expect(await notices.erasure()).toEqual({ eraseAtMs: 1_000 });
		expect(sent.map(({ request }) => request)).toEqual(['GET /api/v1/account/erasure']);
	});

	test('is nothing once it is locked', async () => {
		const { notices, holder, sent } = noticesOf({});
		holder.lock();
		for (const ask of [() => notices.reminders(), () => notices.erasure()]) {
			expect(await errorOf(ask)).toMatchObject(refusal('locked'));
		}
		expect(sent).toEqual([]);
	});
});
