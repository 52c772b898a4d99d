/**
 * Proving who one is: asking for a challenge, the keys that a slot gives, and the signature that
 * answers. Norm: docs/protocol.md, 3 and 9.
 */
import type { AccountHead } from '#lib/api/account.ts';
import type { Assertion, ChallengeReply, Purpose, VerifyRequest } from '#lib/api/auth.ts';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import type { Id } from '#lib/api/wire.ts';
import { signingKey, type SigningKey } from '#lib/crypto/signature.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { isProblem } from '#lib/keyholder/errors.ts';
import type { Link } from '#lib/keyholder/link.ts';
import type { AccountPin, EmailPin } from '#lib/keyholder/pins.ts';
import type { Typed, TypedEmail } from '#lib/keyholder/typed.ts';
import { challengeMessage } from '#lib/protocol/challenge.ts';
import { demand, ProtocolError } from '#lib/protocol/errors.ts';
import { passwordSalt, recoveryRoot, SLOT_KIND, slotKeys } from '#lib/protocol/slots.ts';

/** A challenge and what its answer would allow. */
export interface Asked {
	readonly purpose: Purpose;
	readonly reply: ChallengeReply;
	/** Inside a session: what the server says of the account, not verified yet. */
	readonly served?: AccountHead;
}

/** What a password or a kit gives: a key that opens, and one that signs. */
export interface ProofKeys {
	/** The holder wipes it. */
	readonly kek: Bytes;
	readonly signing: SigningKey;
}

/** What goes along with a proof, where the server asks for it. */
export interface Extras {
	/** Of the second factor, as it travels. */
	readonly code?: string;
	/** The token of the mailed link. */
	readonly link?: Bytes;
}

/**
 * `proved`: the wrap of the slot that proved.   `refused`: the password is wrong, or there is no such
 * account, which the server does not tell apart.   The others: the proof is good, and that is missing.
 */
export type Verified =
	| { readonly outcome: 'proved'; readonly slot: Id; readonly wrap: Bytes }
	| { readonly outcome: 'refused' | 'second-factor' | 'link' };

/**
 * Asks for a challenge: inside the session if one is alive for the pinned account, else by email.
 * So unlocking a page that is signed in makes no second session.
 */
export async function askToUnlock(
	link: Link,
	typed: TypedEmail,
	pin: EmailPin | undefined,
	accountPin: AccountPin | undefined
): Promise<Asked> {
	const known = pin !== undefined && accountPin !== undefined;
	const served = known ? await accountOfSession(link, pin.account, accountPin.seq) : undefined;
	const slot = served?.slots.find(({ kind }) => kind === SLOT_KIND.password)?.id;
	if (served === undefined || slot === undefined) return await askByEmail(link, typed);
	try {
		const reply = await link.call(openingRoutes.challenge, { body: { slot, purpose: 8 } });
		demand(reply.slot === slot, 'challenge for another slot');
		return { purpose: 8, reply, served };
	} catch (error) {
		// It ended since the account was read.
		if (isProblem(error, 'auth')) return await askByEmail(link, typed);
		throw error;
	}
}

export async function askByEmail(link: Link, { emailAsTyped }: TypedEmail): Promise<Asked> {
	const body = { email: emailAsTyped, purpose: 1 } as const;
	return { purpose: 1, reply: await link.call(openingRoutes.challenge, { body }) };
}

/** By what a recovery kit gives away of itself. */
export async function askByLocator(link: Link, locator: Bytes): Promise<Asked> {
	const body = { locator, purpose: 1 } as const;
	return { purpose: 1, reply: await link.call(openingRoutes.challenge, { body }) };
}

/** For whichever passkey the person has. */
export async function askForPasskey(link: Link): Promise<Asked> {
	const body = { passkey: true, purpose: 1 } as const;
	return { purpose: 1, reply: await link.call(openingRoutes.challenge, { body }) };
}

/** Whether `asked` was asked inside a session that is there no more. */
export async function hasEnded(link: Link, { served }: Asked): Promise<boolean> {
	if (served === undefined) return false;
	const { account, manifest } = served;
	return (await accountOfSession(link, account, manifest.seq)) === undefined;
}

/** What the server says of `account`, if there is a session and it is the account's. */
async function accountOfSession(
	link: Link,
	account: Id,
	seq: number
): Promise<AccountHead | undefined> {
	try {
		const served = await link.call(openingRoutes.account, { query: { after: String(seq) } });
		return served.account === account ? served : undefined;
	} catch (error) {
		if (isProblem(error, 'auth')) return undefined;
		throw error;
	}
}

/** Derives the keys of the password's slot; wipes what is in between, and the password, come what may. */
export async function derivePasswordKeys(
	link: Link,
	{ email, password }: Pick<Typed, 'email' | 'password'>,
	{ profile, salt }: { readonly profile: number; readonly salt: Bytes }
): Promise<ProofKeys> {
	try {
		const whole = await passwordSalt(profile, email, salt);
		const root = await rootOf(link, link.ports.derive(password, whole, profile));
		return await keysOf(root, SLOT_KIND.password);
	} finally {
		password.fill(0);
	}
}

/** The keys of a recovery kit's slot. The kit is the caller's to wipe. */
export async function kitKeys(r20: Bytes): Promise<ProofKeys> {
	return await keysOf(await recoveryRoot(r20), SLOT_KIND.recovery);
}

/** The key that opens by passkey; wipes the PRF result, which is its root. The holder wipes it. */
export async function passkeyKek(prf: Bytes): Promise<Bytes> {
	try {
		const { kek, seed } = await slotKeys(prf, SLOT_KIND.passkey);
		seed.fill(0);
		return kek;
	} finally {
		prf.fill(0);
	}
}

async function keysOf(root: Bytes, kind: number): Promise<ProofKeys> {
	const { kek, seed } = await slotKeys(root, kind);
	try {
		return { kek, signing: await signingKey(seed) };
	} catch (error) {
		kek.fill(0);
		throw error;
	} finally {
		for (const secret of [root, seed]) secret.fill(0);
	}
}

/** The root once it is derived. One that comes after a lock is wiped when it comes. */
async function rootOf({ life }: Link, deriving: Promise<Bytes>): Promise<Bytes> {
	try {
		return await life.until(deriving);
	} catch (error) {
		deriving.then(
			(root) => root.fill(0),
			() => undefined
		);
		throw error;
	}
}

/** The message that answers `asked`; with an `actionHash` it allows that request only. */
export function messageOf(origin: string, { purpose, reply }: Asked, actionHash?: Bytes): Bytes {
	const { account, slot, challenge, expiresAtMs } = reply;
	const fields = { purpose, account, slot, challenge, expiresAtMs, origin };
	return challengeMessage(actionHash === undefined ? fields : { ...fields, actionHash });
}

/** The signature of {@link messageOf}. */
export async function answer(
	origin: string,
	asked: Asked,
	signing: SigningKey,
	actionHash?: Bytes
): Promise<Bytes> {
	return await signing.sign(messageOf(origin, asked, actionHash));
}

/** Signs and sends it; the slot's wrap comes back. */
export async function verify(
	link: Link,
	asked: Asked,
	signing: SigningKey,
	extras: Extras = {}
): Promise<Verified> {
	const signature = await answer(link.ports.origin, asked, signing);
	const { slot, token } = asked.reply;
	const verified = await send(link, { token, signature, ...extras });
	if (verified.outcome === 'proved') demand(verified.slot === slot, 'wrap of another slot');
	return verified;
}

/** The same by passkey: which slot it was, the server finds by the credential. */
export async function verifyAssertion(
	link: Link,
	{ reply: { token } }: Asked,
	assertion: Assertion
): Promise<Verified> {
	return await send(link, { token, assertion });
}

async function send(link: Link, body: VerifyRequest): Promise<Verified> {
	try {
		const { slot, wrap, session } = await link.call(openingRoutes.verify, { body });
		if (session !== undefined) throw new ProtocolError('format', 'a session in the open');
		return { outcome: 'proved', slot, wrap };
	} catch (error) {
		if (isProblem(error, 'auth')) return { outcome: 'refused' };
		if (isProblem(error, 'second-factor')) return { outcome: 'second-factor' };
		if (isProblem(error, 'link')) return { outcome: 'link' };
		throw error;
	}
}
