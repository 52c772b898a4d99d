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
import { receive, remember } from '#lib/keyholder/opening.ts';
import { emailHash, type AccountPin, type PinChange } from '#lib/keyholder/pins.ts';
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
	const { account } = prepared.request;
	const known = { account, profile: DEFAULT_KDF_PROFILE };
	const hash = await emailHash(prepared.typed.email);
	if (answered === 'stored') await savePins(link, { hash, pin: known }, prepared.pin);
	const asked = await askByEmail(link, prepared.typed);
	if (answered === 'taken' && asked.reply.account !== account) return 'taken';
	checkChallenge(asked.reply, known, link.ports.now());
	const open = await enter(link, prepared, asked);
	// "Taken" acknowledges nothing: that it is this account is known only now.
	if (answered === 'taken') await remember(link, { hash, ...known }, open, true);
	return open;
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
	email: NonNullable<PinChange['email']>,
	pin: AccountPin
): Promise<void> {
	const descendsFrom = (head: Bytes) => link.trail.has(head);
	link.life.check();
	await link.ports.pins.save({
		email,
		account: { id: email.pin.account, pin, descendsFrom },
		replace: true
	});
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
