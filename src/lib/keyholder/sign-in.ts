/**
 * Signing in by password or by recovery kit. Its keys are derived once: where a second factor is
 * asked for, the same keys sign again, for two minutes at most, and are overwritten then.
 */
import type { Id } from '#lib/api/wire.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { checkChallenge } from '#lib/keyholder/challenges.ts';
import { fetchEarly, type EarlyVaults } from '#lib/keyholder/early-vaults.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { wipe, type OpenAccount } from '#lib/keyholder/open-account.ts';
import type { ProvenSlot } from '#lib/keyholder/opened-slot.ts';
import { receive, remember, type OnStep, type Proven } from '#lib/keyholder/opening.ts';
import { passwordSlotOf } from '#lib/keyholder/account-state.ts';
import { emailHash, type AccountPin, type EmailPin } from '#lib/keyholder/pins.ts';
import {
	askToUnlock,
	derivePasswordKeys,
	hasEnded,
	verify,
	type Asked,
	type ProofKeys,
	type Verified
} from '#lib/keyholder/proving.ts';
import type { Typed, TypedEmail } from '#lib/keyholder/typed.ts';
import { demand } from '#lib/protocol/errors.ts';

/** How long derived keys may wait for a code. */
export const WAITING_MS = 120_000;

type Proving = Extract<ProvenSlot, { readonly kind: 1 | 2 }>;

/** What was asked and derived so far. */
export interface Begun {
	readonly account: Id;
	readonly typed: TypedEmail;
	readonly hash: string;
	readonly slot: Proving;
	readonly keys: ProofKeys;
	readonly pin: AccountPin | undefined;
	/** The token of the mailed link, if there is one. */
	readonly mailed: Bytes | undefined;
	/** The challenge that is not used yet. */
	readonly asked: Asked;
	/** Asks for another one, and checks it as the first. */
	readonly askAgain: () => Promise<Asked>;
}

interface Remembered {
	readonly hash: string;
	readonly email: EmailPin | undefined;
	readonly account: AccountPin | undefined;
}

export type Entered =
	| { readonly outcome: 'opened'; readonly open: OpenAccount; readonly wrap: Bytes }
	| { readonly outcome: 'wrong-password' | 'second-factor' | 'link' };

export class SignIn {
	readonly #link: Link;
	readonly #begun: Begun;
	#asked: Asked | undefined;
	#early: EarlyVaults | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#untilMs: number | undefined;

	/** @param early vaults that were asked for along with the challenge. */
	constructor(link: Link, begun: Begun, early?: EarlyVaults) {
		this.#link = link;
		this.#begun = begun;
		this.#asked = begun.asked;
		this.#early = early;
	}

	get slot(): Proving {
		return this.#begun.slot;
	}

	/** The key that opens is good until {@link end}; the one that signs is good after it too. */
	get keys(): ProofKeys {
		return this.#begun.keys;
	}

	/**
	 * Proves, receives and verifies the account, and raises its pins.
	 *
	 * @param code of the second factor.
	 */
	async enter(code: string | undefined, onStep: OnStep): Promise<Entered> {
		// Keys that were overwritten while an answer is on its way would look like a forged answer.
		clearTimeout(this.#timer);
		onStep({ step: 2 });
		const early = this.#early;
		this.#early = undefined;
		const { asked, verified } = await this.#prove(code);
		if (verified.outcome === 'refused') return { outcome: 'wrong-password' };
		if (verified.outcome !== 'proved') return { outcome: verified.outcome };
		// What came along with one challenge is too old beside the next.
		const along = asked === this.#begun.asked ? early : undefined;
		return await this.#open({ served: asked.served, early: along }, verified.wrap, onStep);
	}

	/** Whether the time for a code is over; timers stand still while a machine sleeps. */
	get over(): boolean {
		return this.#untilMs !== undefined && this.#link.ports.now() >= this.#untilMs;
	}

	/** Keeps the keys for a code: two minutes from the first time that it is asked for. */
	wait(onEnd: () => void): void {
		const nowMs = this.#link.ports.now();
		this.#untilMs ??= nowMs + WAITING_MS;
		this.#timer = setTimeout(() => {
			this.end();
			onEnd();
		}, this.#untilMs - nowMs);
		// Nothing waits for it: a process that has nothing else to do may end.
		if (typeof this.#timer === 'object') this.#timer.unref();
	}

	/** Overwrites the key that opens. */
	end(): void {
		clearTimeout(this.#timer);
		this.#begun.keys.kek.fill(0);
	}

	/** A refusal says nothing of the password where the session has ended meanwhile: it signs in then. */
	async #prove(code: string | undefined): Promise<{ asked: Asked; verified: Verified }> {
		const { keys, mailed } = this.#begun;
		const extras = {
			...(code === undefined ? {} : { code }),
			...(mailed === undefined ? {} : { link: mailed })
		};
		const first = this.#asked ?? (await this.#again());
		this.#asked = undefined;
		const verified = await verify(this.#link, first, keys.signing, extras);
		if (verified.outcome !== 'refused' || !(await hasEnded(this.#link, first))) {
			return { asked: first, verified };
		}
		const asked = await this.#again();
		return { asked, verified: await verify(this.#link, asked, keys.signing, extras) };
	}

	async #open(
		sent: Pick<Proven, 'served' | 'early'>,
		wrap: Bytes,
		onStep: OnStep
	): Promise<Entered> {
		const { account, typed, slot, keys, pin } = this.#begun;
		const { kek } = keys;
		const proven = { account, typed, slot, pin, ...sent, kek, wrap };
		const open = await receive(this.#link, proven, onStep);
		if (slot.kind === 1) return { outcome: 'opened', open: await this.#remembered(open), wrap };
		// A new password would be derived with this email: with another one it would never open.
		if (open.state.servedEmail !== typed.email) {
			wipe(open);
			return { outcome: 'wrong-password' };
		}
		const restricted = await this.#remembered({ ...open, mustRotate: true });
		return { outcome: 'opened', open: restricted, wrap };
	}

	async #again(): Promise<Asked> {
		const asked = await this.#begun.askAgain();
		const { reply: first } = this.#begun.asked;
		const { reply } = asked;
		demand(reply.account === first.account, 'another account than before');
		demand(reply.slot === first.slot, 'another slot than before');
		demand(reply.profile === first.profile, 'another profile than before');
		demand(equal(reply.salt, first.salt), 'another salt than before');
		return asked;
	}

	async #remembered(open: OpenAccount): Promise<OpenAccount> {
		const { hash } = this.#begun;
		const { account } = open.state;
		const pin = { account, profile: passwordSlotOf(open.state).profile };
		await remember(this.#link, open, { hash, pin });
		return open;
	}
}

/** The order of docs/protocol.md, 9, up to the keys. The password is wiped. */
export async function beginByPassword(link: Link, typed: Typed, onStep: OnStep): Promise<SignIn> {
	try {
		return await deriveAndBegin(link, typed, onStep);
	} finally {
		// Refused before it was derived from, it would stay.
		typed.password.fill(0);
	}
}

async function deriveAndBegin(link: Link, typed: Typed, onStep: OnStep): Promise<SignIn> {
	onStep({ step: 1 });
	const known = await remembered(link, typed);
	const ask = async () => {
		const asked = await askToUnlock(link, typed, known.email, known.account);
		checkChallenge(asked.reply, known.email, link.ports.now());
		return asked;
	};
	const asked = await ask();
	const { account, slot: id, profile, salt } = asked.reply;
	const pin = known.account ?? (await link.ports.pins.account(account));
	const early = fetchEarly(link, asked.served, known.account);
	const keys = await derivePasswordKeys(link, typed, { profile, salt });
	const authPublicKey = keys.signing.publicKey;
	const begun = {
		account,
		typed: { emailAsTyped: typed.emailAsTyped, email: typed.email },
		hash: known.hash,
		slot: { id, kind: 1, profile, salt, authPublicKey },
		keys,
		pin,
		mailed: undefined,
		asked,
		askAgain: ask
	} as const;
	return new SignIn(link, begun, early);
}

/** What this device knows of a typed email. */
export async function remembered(link: Link, { email }: TypedEmail): Promise<Remembered> {
	const { pins } = link.ports;
	const hash = await emailHash(email);
	const pin = await pins.email(hash);
	return { hash, email: pin, account: pin && (await pins.account(pin.account)) };
}
