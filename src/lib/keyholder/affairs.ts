/**
 * What concerns the account and not what it keeps: where it is signed in, its log, the second factor,
 * the email, its end. Every change is allowed by a signature of that one request, so that a session
 * alone changes nothing of it.
 */
import type { ActivityCountsReply, ActivityQuery } from '#lib/api/activity.ts';
import { PROOF_PURPOSE, type ActionPurpose } from '#lib/api/auth.ts';
import type { Call } from '#lib/api/client.ts';
import type { EmailChangeState } from '#lib/api/email-changes.ts';
import type { RemindersState } from '#lib/api/reminders.ts';
import { routes, type Route } from '#lib/api/routes.ts';
import type { SecondFactorOff, SecondFactorOn, SecondFactorState } from '#lib/api/second-factor.ts';
import type { ListedSession } from '#lib/api/sessions.ts';
import type { Id } from '#lib/api/wire.ts';
import type { z } from '#lib/api/zod.ts';
import { encode as base32 } from '#lib/encoding/base32.ts';
import type { ActivityNote } from '#lib/items/activity-note.ts';
import { neededProof, proving } from '#lib/keyholder/action-proof.ts';
import type { Held, Holder } from '#lib/keyholder/holder.ts';
import { emailHash } from '#lib/keyholder/pins.ts';
import { readEmail } from '#lib/keyholder/typed.ts';
import { typedCode } from '#lib/keyholder/typed-code.ts';
import type { ActivityPage } from '#lib/keyholder/views.ts';

/** The name that an authenticator app shows. */
const ISSUER = 'Keyhold';

export class Affairs {
	readonly #holder: Holder;

	constructor(holder: Holder) {
		this.#holder = holder;
	}

	async sessions(): Promise<readonly ListedSession[]> {
		const { sessions } = await this.#ask(routes.sessions);
		return sessions;
	}

	/** @throws {KeyholderError} `proof` without one, here and in all that changes something. */
	async endSession(session: Id): Promise<void> {
		await this.#prove(routes.endSession, PROOF_PURPOSE.account, { params: { session } });
	}

	async endOtherSessions(): Promise<void> {
		await this.#prove(routes.endOtherSessions, PROOF_PURPOSE.account);
	}

	async secondFactor(): Promise<SecondFactorState> {
		return await this.#ask(routes.secondFactor);
	}

	/**
	 * A seed for an app: in base32, and as the address that a QR code shows. It does nothing until a
	 * code made from it was sent. It is the server's, as it verifies the codes.
	 */
	async askSecondFactorSeed(): Promise<{ readonly seed: string; readonly address: string }> {
		const { typed, state } = this.#holder.need().holding.open;
		const answer = await this.#prove(routes.secondFactorSeed, PROOF_PURPOSE.account);
		const seed = base32(answer.seed);
		const label = encodeURIComponent(`${ISSUER}:${typed?.email ?? state.servedEmail}`);
		const query = `secret=${seed}&issuer=${ISSUER}&algorithm=SHA1&digits=6&period=30`;
		return { seed, address: `otpauth://totp/${label}?${query}` };
	}

	async turnSecondFactorOn(typed: string): Promise<SecondFactorOn> {
		const code = typedCode(typed);
		if (code === undefined) return { outcome: 'wrong-code' };
		return await this.#prove(routes.secondFactorOn, PROOF_PURPOSE.account, { body: { code } });
	}

	async turnSecondFactorOff(typed: string): Promise<SecondFactorOff> {
		const code = typedCode(typed);
		if (code === undefined) return { outcome: 'wrong-code' };
		return await this.#prove(routes.secondFactorOff, PROOF_PURPOSE.account, { body: { code } });
	}

	async emailChange(): Promise<EmailChangeState> {
		return await this.#ask(routes.emailChange);
	}

	/** Asks for the two mails; `none` where the server sends none, and nothing is to be confirmed. */
	async askEmailChange(email: string): Promise<EmailChangeState> {
		const { emailAsTyped } = readEmail(email);
		const body = { email: emailAsTyped };
		return await this.#prove(routes.askEmailChange, PROOF_PURPOSE.account, { body });
	}

	/** Tells the server the days to come, all of them. Nothing else of what is due is said. */
	async setReminders(days: readonly string[]): Promise<RemindersState> {
		return await this.#ask(routes.setReminders, { body: { days: [...days] } });
	}

	/** Deletes the account, forgets it on this device, and locks. */
	async dropAccount(): Promise<void> {
		const { account } = this.#holder.need().holding.open.state;
		await this.#prove(routes.dropAccount, PROOF_PURPOSE.delete, {}, async ({ holding }) => {
			const { typed, state } = holding.open;
			const email = typed?.email ?? state.servedEmail;
			await this.#holder.ports.pins.forget(await emailHash(email), account);
		});
		this.#holder.lock();
	}

	/** A page of the activity log, as the server tells it, with the notes of this account's clients. */
	async activity(query: ActivityQuery): Promise<ActivityPage> {
		return await this.#holder.read(async ({ holding }) => {
			const { readActivity } = await import('#lib/keyholder/activity.ts');
			return await readActivity(holding, query);
		});
	}

	/** How many rows of the log there are in each quarter of an hour since 1970. */
	async activityCounts(query: ActivityQuery): Promise<ActivityCountsReply['quarters']> {
		return await this.#holder.read(async ({ holding }) => {
			const { countActivity } = await import('#lib/keyholder/activity.ts');
			return await countActivity(holding, query);
		});
	}

	/** Writes into the log what the server cannot see by itself. */
	async note(vault: Id, note: ActivityNote): Promise<void> {
		await this.#holder.write(async ({ holding }) => {
			const { writeNote } = await import('#lib/keyholder/activity.ts');
			await writeNote(holding, vault, note);
		});
	}

	async #ask<R extends Route>(route: R, call: Call<R> = {}): Promise<z.output<R['reply']>> {
		return await this.#holder.read(({ holding }) => holding.link.call(route, call));
	}

	async #prove<R extends Route>(
		route: R,
		purpose: ActionPurpose,
		call: Omit<Call<R>, 'proof'> = {},
		afterwards: (held: Held) => Promise<void> = () => Promise.resolve()
	): Promise<z.output<R['reply']>> {
		return await this.#holder.write(async (held) => {
			const { holding } = held;
			const proof = proving(holding, neededProof(holding, held.proof), purpose);
			const reply = await holding.link.call<R>(route, { ...call, proof });
			await afterwards(held);
			return reply;
		});
	}
}
