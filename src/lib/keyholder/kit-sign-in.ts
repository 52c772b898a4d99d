/** Signing in by recovery kit, up to the keys; then as by password. Norm: docs/protocol.md, 9. */
import type { Bytes } from '#lib/encoding/bytes.ts';
import { ActionProof } from '#lib/keyholder/action-proof.ts';
import { checkKitChallenge } from '#lib/keyholder/challenges.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { askByLocator, kitKeys } from '#lib/keyholder/proving.ts';
import { remembered, SignIn } from '#lib/keyholder/sign-in.ts';
import type { TypedEmail } from '#lib/keyholder/typed.ts';
import { readKit } from '#lib/protocol/recovery-kit.ts';
import { recoveryLocator, SLOT_KIND } from '#lib/protocol/slots.ts';

/**
 * Begins a sign-in by recovery kit: the server finds the account by the kit's locator.
 *
 * @param mailed the token of the mailed link, where the server sends mail.
 * @returns undefined if it is not of the account that this device knows by the email.
 * @throws {KeyholderError} `kit` if it is none; nothing is sent then.
 */
export async function beginByKit(
	link: Link,
	typed: TypedEmail,
	kit: string,
	mailed: Bytes | undefined
): Promise<SignIn | undefined> {
	const read = await readKit(kit);
	if ('fault' in read) throw new KeyholderError('kit', `no kit: ${read.fault}`);
	const { r20 } = read;
	try {
		const known = await remembered(link, typed);
		const locator = await recoveryLocator(r20);
		const ask = async () => {
			const asked = await askByLocator(link, locator);
			checkKitChallenge(asked.reply, link.ports.now());
			return asked;
		};
		const asked = await ask();
		const { account, slot: id } = asked.reply;
		// A kit that was replaced, or of another account: nothing is signed for that.
		if (known.email !== undefined && known.email.account !== account) return undefined;
		const pin = known.account ?? (await link.ports.pins.account(account));
		const keys = await kitKeys(r20);
		const authPublicKey = keys.signing.publicKey;
		const slot = { id, kind: 2, locator, authPublicKey } as const;
		const { hash } = known;
		const found = { account, typed, hash, slot, keys, pin, mailed, asked };
		return new SignIn(link, { ...found, askAgain: ask });
	} finally {
		r20.fill(0);
	}
}

/** There is no password that could prove: the kit does, for as long as one may. */
export function kitProof({ slot, keys }: SignIn, nowMs: number): ActionProof {
	const proving = { id: slot.id, kind: SLOT_KIND.recovery, profile: 0 } as const;
	return new ActionProof(proving, keys.signing, nowMs);
}
