/**
 * Sending a prepared account, and the first sign-in to it. From the moment that the server says it
 * is stored, the pins hold the server to exactly what was sent.
 */
import { routes } from '#lib/api/routes.ts';
import { DEFAULT_KDF_PROFILE } from '#lib/crypto/kdf.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { isProblem, KeyholderError } from '#lib/keyholder/errors.ts';
import type { Link } from '#lib/keyholder/link.ts';
import type { OpenAccount } from '#lib/keyholder/open-account.ts';
import { receive } from '#lib/keyholder/opening.ts';
import { emailHash } from '#lib/keyholder/pins.ts';
import { askByEmail, checkChallenge, verify, type Asked } from '#lib/keyholder/proving.ts';
import type { Prepared } from '#lib/keyholder/registration.ts';
import { demand } from '#lib/protocol/errors.ts';

/**
 * Registers and signs in.
 *
 * @param sentBefore whether an earlier answer was lost: then "taken" may mean by this very account.
 */
export async function registerAccount(
	link: Link,
	prepared: Prepared,
	sentBefore: boolean
): Promise<OpenAccount | 'taken' | 'closed'> {
	const answered = await send(link, prepared);
	if (answered === 'closed' || (answered === 'taken' && !sentBefore)) return answered;
	const { typed, request, pin } = prepared;
	const { account } = request;
	const known = { account, profile: DEFAULT_KDF_PROFILE };
	const stored = {
		email: { hash: await emailHash(typed.email), pin: known },
		account: { id: account, pin, descendsFrom: (head: Bytes) => link.trail.has(head) }
	};
	if (answered === 'stored') await savePins(link, stored);
	const asked = await askByEmail(link, typed);
	if (answered === 'taken') {
		if (asked.reply.account !== account) return 'taken';
		await savePins(link, stored);
	}
	checkChallenge(asked.reply, known, link.ports.now());
	return await enter(link, prepared, asked);
}

async function send(link: Link, { request }: Prepared): Promise<'stored' | 'taken' | 'closed'> {
	try {
		const { account } = await link.call(routes.register, { body: request });
		demand(account === request.account, 'another account was registered');
		return 'stored';
	} catch (error) {
		if (isProblem(error, 'closed')) return 'closed';
		if (isProblem(error, 'taken')) return 'taken';
		throw error;
	}
}

/** Only a registration replaces what this device knew of the email. */
async function savePins(
	link: Link,
	change: Omit<Parameters<Link['ports']['pins']['save']>[0], 'replace'>
): Promise<void> {
	link.life.check();
	await link.ports.pins.save({ ...change, replace: true });
	link.life.check();
}

async function enter(
	link: Link,
	{ typed, request, keys, pin }: Prepared,
	asked: Asked
): Promise<OpenAccount> {
	const [slot] = request.slots;
	const { reply } = asked;
	demand(reply.slot === slot.id && reply.profile === slot.profile, 'another slot than registered');
	demand(equal(reply.salt, slot.salt), 'another salt than registered');
	const wrap = await verify(link, asked, keys.signing);
	if (wrap === undefined) throw new KeyholderError('auth', 'the new account is not let in');
	return await receive(link, typed, { asked, keys, wrap, pin }, () => undefined);
}
