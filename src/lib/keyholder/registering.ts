/**
 * Sending a prepared account, and the first sign-in to it. From the moment that the server says it
 * is stored, the pins hold the server to exactly what was sent.
 */
import { SetupCode } from '#lib/api/accounts.ts';
import { routes } from '#lib/api/routes.ts';
import { z } from '#lib/api/zod.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { newSettings } from '#lib/items/settings.ts';
import { saveSettings } from '#lib/keyholder/account-commits.ts';
import { checkChallenge } from '#lib/keyholder/challenges.ts';
import { isFinal, isProblem, KeyholderError, keyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { FIRST_VAULT_NAME, type OpenAccount } from '#lib/keyholder/open-account.ts';
import { receive, remember } from '#lib/keyholder/opening.ts';
import { emailHash, type PinChange } from '#lib/keyholder/pins.ts';
import { askByEmail, verify, type Asked } from '#lib/keyholder/proving.ts';
import type { Prepared } from '#lib/keyholder/registration.ts';
import { typedSymbols } from '#lib/keyholder/typed-code.ts';
import type { Admission, RegisterOutcome } from '#lib/keyholder/views.ts';
import { demand } from '#lib/protocol/errors.ts';

/**
 * What became of the account so far. `unsure`: it was sent and no answer came, so "taken" may mean by
 * this very account.   `waits`: the server has it, and waits for the link of its mail.
 */
export type Sent = 'no' | 'unsure' | 'waits';

type Refused = Exclude<RegisterOutcome['outcome'], 'registered'>;

/** Registers and signs in; what waits for its link is not sent again, but looked for. */
export async function registerAccount(
	link: Link,
	prepared: Prepared,
	admission: Admission,
	sent: Sent
): Promise<OpenAccount | Refused> {
	const answered = sent === 'waits' ? 'confirm' : await send(link, prepared, admission);
	const doubtful = answered === 'taken' && sent === 'unsure';
	if (answered === 'confirm' && sent !== 'waits') return 'confirm';
	if (answered !== 'open' && answered !== 'confirm' && !doubtful) return answered;
	const { typed, request } = prepared;
	const { account } = request;
	const [{ profile }] = request.slots;
	const known = { account, profile };
	if (answered === 'open') await savePins(link, prepared);
	const asked = await askByEmail(link, typed);
	// Somebody else's, or nobody's yet: a server answers both in the same shape.
	if (answered !== 'open' && asked.reply.account !== account) return answered;
	checkChallenge(asked.reply, known, link.ports.now());
	const open = await enter(link, prepared, asked);
	// Neither acknowledges anything: that it is this account is known only now.
	if (answered !== 'open') {
		const email = { hash: await emailHash(typed.email), pin: known };
		await remember(link, open, email, true);
	}
	return open;
}

async function send(
	link: Link,
	{ request }: Prepared,
	{ invitation, setupCode, language }: Admission
): Promise<'open' | Refused> {
	const code = setupCode === undefined ? undefined : typedSymbols(setupCode);
	if (code !== undefined && !z.safeParse(SetupCode, code).success) return 'setup-code';
	const body = {
		...request,
		...(invitation === undefined ? {} : { invitation }),
		...(code === undefined ? {} : { setupCode: code }),
		...(language === undefined ? {} : { language })
	};
	try {
		const { account, state } = await link.call(routes.register, { body });
		demand(account === request.account, 'another account was registered');
		return state;
	} catch (error) {
		const refusal = REFUSALS.find((code) => isProblem(error, code));
		if (refusal === undefined) throw error;
		return refusal;
	}
}

const REFUSALS = ['taken', 'closed', 'link', 'setup-code'] as const;

/**
 * From here on the pins hold the server to exactly what was sent. Only a registration replaces what
 * this device knew of the email.
 */
async function savePins(link: Link, { typed, request, pin }: Prepared): Promise<void> {
	const { account: id, slots } = request;
	const [{ profile }] = slots;
	const change: PinChange = {
		email: { hash: await emailHash(typed.email), pin: { account: id, profile } },
		account: { id, pin, descendsFrom: (head: Bytes) => link.trail.has(head) },
		replace: true
	};
	link.life.check();
	await link.ports.pins.save(change);
	link.life.check();
}

async function enter(
	link: Link,
	{ typed, request, keys, pin }: Prepared,
	asked: Asked
): Promise<OpenAccount> {
	const [{ id, kind, profile, salt, authPublicKey }] = request.slots;
	const { reply } = asked;
	demand(reply.slot === id && reply.profile === profile, 'another slot than registered');
	demand(equal(reply.salt, salt), 'another salt than registered');
	const verified = await verify(link, asked, keys.signing);
	if (verified.outcome !== 'proved') {
		throw new KeyholderError('auth', 'the new account is not let in');
	}
	const slot = { id, kind, profile, salt, authPublicKey };
	const { account } = request;
	const proven = { account, slot, typed, pin, kek: keys.kek, wrap: verified.wrap };
	return await receive(link, proven, () => undefined);
}

/** The account is there even if its settings could not be written; then the vault has its first name. */
export async function nameFirstVault(holding: Holding, name = FIRST_VAULT_NAME): Promise<void> {
	const [vault] = holding.open.vaults.keys();
	if (vault === undefined) return;
	try {
		await saveSettings(holding, newSettings(vault, name), undefined);
	} catch (error) {
		const found = keyholderError(error);
		if (!(found instanceof KeyholderError) || isFinal(found)) throw found;
	}
}
