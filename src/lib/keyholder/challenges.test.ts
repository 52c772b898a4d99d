import { describe, expect, test } from 'vitest';
import type { ChallengeReply } from '#lib/api/auth.ts';
import {
	checkChallenge,
	checkKitChallenge,
	checkPasskeyChallenge,
	checkSlotChallenge,
	NO_ID
} from '#lib/keyholder/challenges.ts';
import { NOW } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

const HOUR_MS = 3_600_000;
const ACCOUNT = 'AAAAAAAAAAAAAAAAAAAAAQ';
const SLOT = 'AAAAAAAAAAAAAAAAAAAAAg';
const OTHER = 'AAAAAAAAAAAAAAAAAAAAAw';

function reply(change: Partial<ChallengeReply> = {}): ChallengeReply {
	return {
		...{ account: ACCOUNT, slot: SLOT, kind: 1, profile: 1, token: new Uint8Array(48) },
		...{ salt: new Uint8Array(16), challenge: new Uint8Array(32), expiresAtMs: NOW + 60_000 },
		...change
	};
}

function refuses(check: () => void, code: string): void {
	expect(check).toThrow(expect.objectContaining(refusal(code)));
}

describe('checkChallenge', () => {
	const pin = { account: ACCOUNT, profile: 1 };

	test('takes a profile of the table that is not below the pinned one', () => {
		checkChallenge(reply(), undefined, NOW);
		checkChallenge(reply(), pin, NOW);
		checkChallenge(reply({ profile: 2 }), pin, NOW);
		checkChallenge(reply({ profile: 2 }), { ...pin, profile: 2 }, NOW);
	});

	test('refuses another account than the email’s', () => {
		refuses(() => {
			checkChallenge(reply({ account: OTHER }), pin, NOW);
		}, 'rollback');
	});

	test('refuses a slot that is no password, known or not', () => {
		refuses(() => {
			checkChallenge(reply({ kind: 2 }), undefined, NOW);
		}, 'format');
		refuses(() => {
			checkChallenge(reply({ kind: 9 }), undefined, NOW);
		}, 'unsupported');
	});

	test('refuses a profile outside the table, and one below the pinned one', () => {
		for (const profile of [0, 3]) {
			refuses(() => {
				checkChallenge(reply({ profile }), undefined, NOW);
			}, 'kdf-refused');
		}
		refuses(() => {
			checkChallenge(reply(), { ...pin, profile: 2 }, NOW);
		}, 'kdf-refused');
	});

	test('refuses an end more than an hour away', () => {
		checkChallenge(reply({ expiresAtMs: NOW + HOUR_MS }), undefined, NOW);
		const late = reply({ expiresAtMs: NOW + HOUR_MS + 1 });
		refuses(() => {
			checkChallenge(late, undefined, NOW);
		}, 'clock');
	});
});

describe('checkKitChallenge', () => {
	const good = reply({ kind: 2, profile: 0 });

	test('takes one for a kit, of whichever account', () => {
		checkKitChallenge(good, NOW);
		checkKitChallenge({ ...good, account: OTHER }, NOW);
	});

	test('refuses another kind, a profile, and an end too far away', () => {
		refuses(() => {
			checkKitChallenge({ ...good, kind: 3 }, NOW);
		}, 'format');
		refuses(() => {
			checkKitChallenge({ ...good, profile: 1 }, NOW);
		}, 'format');
		refuses(() => {
			checkKitChallenge({ ...good, expiresAtMs: NOW + 2 * HOUR_MS }, NOW);
		}, 'clock');
	});
});

describe('checkPasskeyChallenge', () => {
	const good = reply({ kind: 3, profile: 0, account: NO_ID, slot: NO_ID });

	test('takes one that names nobody', () => {
		checkPasskeyChallenge(good, NOW);
	});

	test('refuses one that names an account or a slot', () => {
		refuses(() => {
			checkPasskeyChallenge({ ...good, account: ACCOUNT }, NOW);
		}, 'format');
		refuses(() => {
			checkPasskeyChallenge({ ...good, slot: SLOT }, NOW);
		}, 'format');
	});

	test('refuses another kind, a profile, and an end too far away', () => {
		refuses(() => {
			checkPasskeyChallenge({ ...good, kind: 2 }, NOW);
		}, 'format');
		refuses(() => {
			checkPasskeyChallenge({ ...good, profile: 1 }, NOW);
		}, 'format');
		refuses(() => {
			checkPasskeyChallenge({ ...good, expiresAtMs: NOW + 2 * HOUR_MS }, NOW);
		}, 'clock');
	});
});

describe('checkSlotChallenge', () => {
	const asked = { account: ACCOUNT, id: SLOT, kind: 1, profile: 1 };

	test('takes one for the slot that was asked for', () => {
		checkSlotChallenge(reply(), asked, NOW);
	});

	test.each([
		['account', { account: OTHER }, 'rollback'],
		['kind', { kind: 2 }, 'format'],
		['profile', { profile: 2 }, 'kdf-refused'],
		['slot', { slot: OTHER }, 'integrity'],
		['end', { expiresAtMs: NOW + 2 * HOUR_MS }, 'clock']
	])('refuses one for another %s', (_, change, code) => {
		refuses(() => {
			checkSlotChallenge(reply(change), asked, NOW);
		}, code);
	});
});
