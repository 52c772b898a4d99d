import { describe, expect, test } from 'vitest';
import { passwordSlotOf } from '#lib/keyholder/account-state.ts';
import { Holder } from '#lib/keyholder/holder.ts';
import { raise } from '#lib/keyholder/raising.ts';
import { passwordBytes } from '#lib/protocol/password.ts';
import { EMAIL, errorOf, NOW, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { accountOf, bytes } from '../../../tests/hostile/open-accounts.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('a cost that has risen', () => {
	test('makes no password younger: it is the same one', async () => {
		const world = new World();
		await world.account();
		const later = { defaultProfile: 2, now: () => NOW + 1_000 } as const;
		const device = world.device(undefined, later);
		await device.unlock();
		await device.keyholder.refresh();
		const { slots } = device.keyholder.view();
		const password = slots.find(({ kind }) => kind === 'password');
		expect(password).toMatchObject({ profile: 2, createdAtMs: NOW });
	});

	test('leaves neither the account key nor the password where it cannot be written', async () => {
		const { link } = scriptedLink([], { defaultProfile: 2 });
		const holder = new Holder(link.ports);
		const open = accountOf();
		const held = holder.hold(holder.begin(), open);
		const opened = {
			...{ accountKey: bytes(5), slot: passwordSlotOf(open.state) },
			keys: {
				kek: bytes(6),
				signing: { publicKey: bytes(), sign: () => Promise.resolve(bytes()) }
			},
			typed: { emailAsTyped: EMAIL, email: EMAIL }
		};
		const password = passwordBytes(PASSWORD);
		const error = await errorOf(() => raise(holder, held, opened, password));
		expect(error).toMatchObject(refusal('integrity'));
		expect(opened.accountKey).toEqual(bytes(0));
		expect(password.every((byte) => byte === 0)).toBe(true);
		expect(held.proof).toBeUndefined();
	});
});
