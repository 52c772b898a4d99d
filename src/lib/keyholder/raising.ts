/**
 * A default cost of passwords that has risen is taken up where a password was just entered: the
 * account key is wrapped anew, behind the person's back. What fails is tried again the next time.
 * Norm: docs/protocol.md, 10.
 */
import type { OpenedKey } from '#lib/keyholder/account-key.ts';
import { ActionProof } from '#lib/keyholder/action-proof.ts';
import type { Held, Holder } from '#lib/keyholder/holder.ts';
import { rewrap } from '#lib/keyholder/rewrapping.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

/**
 * Wraps the account key for the same password at the higher cost. What was proved with it holds on:
 * from then on the new key signs.
 *
 * @param opened the account key is wiped.
 * @param password of now; wiped.
 */
export async function raise(
	holder: Holder,
	held: Held,
	opened: Pick<OpenedKey, 'accountKey' | 'slot' | 'keys' | 'typed'>,
	password: Bytes
): Promise<void> {
	const { holding } = held;
	const { ports } = holding.link;
	const typed = { ...opened.typed, password };
	try {
		const written = await rewrap(holding, opened, typed, true);
		if (written === undefined || held.proof?.isGood(ports.now()) !== true) return;
		holder.prove(held, new ActionProof(written.slot, written.signing, ports.now()));
	} finally {
		opened.accountKey.fill(0);
	}
}
