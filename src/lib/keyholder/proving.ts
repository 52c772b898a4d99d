/**
 * Proving with the password's slot: what a challenge may say before anything is derived for it,
 * and the signature over it. Norm: docs/protocol.md, 9.
 */
import type { AccountHead } from '#lib/api/account.ts';
import type { ChallengeReply, Purpose } from '#lib/api/auth.ts';
import { routes } from '#lib/api/routes.ts';
import type { Id } from '#lib/api/wire.ts';
import { KDF_PROFILES } from '#lib/crypto/kdf.ts';
import { signingKey, type SigningKey } from '#lib/crypto/signature.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { isProblem, KeyholderError } from '#lib/keyholder/errors.ts';
import type { Link } from '#lib/keyholder/link.ts';
import type { AccountPin, EmailPin } from '#lib/keyholder/pins.ts';
import type { Typed, TypedEmail } from '#lib/keyholder/typed.ts';
import { challengeMessage, checkExpiry } from '#lib/protocol/challenge.ts';
import { demand, ProtocolError } from '#lib/protocol/errors.ts';
import { checkKind, passwordSalt, SLOT_KIND, slotKeys } from '#lib/protocol/slots.ts';

/** A challenge and what its answer would allow. */
export interface Asked {
	readonly purpose: Purpose;
	readonly reply: ChallengeReply;
	/** Inside a session: what the server says of the account, not verified yet. */
	readonly served?: AccountHead;
}

/** What the password gives: a key that opens, and one that signs. */
export interface PasswordKeys {
	/** The holder wipes it. */
	readonly kek: Bytes;
	readonly signing: SigningKey;
}

/**
 * Asks for a challenge: inside the session if one is alive for the pinned account, else by email.
 * So unlocking a page that is signed in makes no second session.
 */
export async function askToUnlock(
	link: Link,
	typed: Typed,
	pin: EmailPin | undefined,
	accountPin: AccountPin | undefined
): Promise<Asked> {
	const known = pin !== undefined && accountPin !== undefined;
	const served = known ? await accountOfSession(link, pin.account, accountPin.seq) : undefined;
	const slot = served?.slots.find(({ kind }) => kind === SLOT_KIND.password)?.id;
	if (served === undefined || slot === undefined) return await askByEmail(link, typed);
	const reply = await link.call(routes.challenge, { body: { slot, purpose: 8 } });
	demand(reply.slot === slot, 'challenge for another slot');
	return { purpose: 8, reply, served };
}

export async function askByEmail(link: Link, { emailAsTyped }: TypedEmail): Promise<Asked> {
	const body = { email: emailAsTyped, purpose: 1 } as const;
	return { purpose: 1, reply: await link.call(routes.challenge, { body }) };
}

/** What the server says of `account`, if there is a session and it is the account's. */
async function accountOfSession(
	link: Link,
	account: Id,
	seq: number
): Promise<AccountHead | undefined> {
	try {
		const served = await link.call(routes.account, { query: { after: String(seq) } });
		return served.account === account ? served : undefined;
	} catch (error) {
		if (isProblem(error, 'auth')) return undefined;
		throw error;
	}
}

/**
 * Refuses, before anything is derived, another account than the email's, a kind that is no
 * password, a profile outside the table or below the pinned one, and an end too far away.
 *
 * @throws {KeyholderError | ProtocolError} `rollback`, `unsupported`, `format`, `kdf-refused`, `clock`
 */
export function checkChallenge(
	{ account, kind, profile, expiresAtMs }: ChallengeReply,
	pin: EmailPin | undefined,
	nowMs: number
): void {
	if (pin !== undefined && pin.account !== account) {
		throw new KeyholderError('rollback', 'the email answers with another account');
	}
	checkKind(kind);
	if (kind !== SLOT_KIND.password) throw new ProtocolError('format', 'slot is not a password');
	if (!KDF_PROFILES.has(profile) || profile < (pin?.profile ?? 0)) {
		throw new KeyholderError('kdf-refused', 'profile is unknown or below the pinned one');
	}
	checkExpiry(expiresAtMs, nowMs);
}

/** Derives the keys of the password's slot; wipes what is in between, and the password, come what may. */
export async function derivePasswordKeys(
	link: Link,
	{ email, password }: Typed,
	{ profile, salt }: { readonly profile: number; readonly salt: Bytes }
): Promise<PasswordKeys> {
	try {
		const whole = await passwordSalt(profile, email, salt);
		return await keysOf(await rootOf(link, link.ports.derive(password, whole, profile)));
	} finally {
		password.fill(0);
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

async function keysOf(root: Bytes): Promise<PasswordKeys> {
	const { kek, seed } = await slotKeys(root, SLOT_KIND.password);
	try {
		return { kek, signing: await signingKey(seed) };
	} catch (error) {
		kek.fill(0);
		throw error;
	} finally {
		for (const secret of [root, seed]) secret.fill(0);
	}
}

/** The signature that answers `asked`; with an `actionHash` it allows that request only. */
export async function answer(
	origin: string,
	{ purpose, reply }: Asked,
	signing: SigningKey,
	actionHash?: Bytes
): Promise<Bytes> {
	const { account, slot, challenge, expiresAtMs } = reply;
	const fields = { purpose, account, slot, challenge, expiresAtMs, origin };
	return await signing.sign(
		challengeMessage(actionHash === undefined ? fields : { ...fields, actionHash })
	);
}

/**
 * Sends the signature; the slot's wrap comes back.
 *
 * @returns undefined if the server does not take it: the password is wrong, or there is no such
 * account, which it does not tell apart.
 */
export async function verify(
	link: Link,
	asked: Asked,
	signing: SigningKey
): Promise<Bytes | undefined> {
	const signature = await answer(link.ports.origin, asked, signing);
	const { slot, token } = asked.reply;
	try {
		const reply = await link.call(routes.verify, { body: { token, signature } });
		demand(reply.slot === slot, 'wrap of another slot');
		if (reply.session !== undefined) throw new ProtocolError('format', 'a session in the open');
		return reply.wrap;
	} catch (error) {
		if (isProblem(error, 'auth')) return undefined;
		throw error;
	}
}
