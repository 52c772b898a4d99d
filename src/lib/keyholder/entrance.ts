/**
 * Every way of unlocking, and what waits between its halves: derived keys for a code, a challenge
 * for the touch of a passkey. Both wait for two minutes at most, and end with a lock.
 */
import { passwordSlotOf } from '#lib/keyholder/account-state.ts';
import { isFinal, KeyholderError, keyholderError } from '#lib/keyholder/errors.ts';
import { run, type Held, type Holder } from '#lib/keyholder/holder.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { openSlot } from '#lib/keyholder/opened-slot.ts';
import type { OnStep } from '#lib/keyholder/opening.ts';
import type { enterByPasskey, PasskeySignIn } from '#lib/keyholder/passkey-sign-in.ts';
import { emailHash } from '#lib/keyholder/pins.ts';
import { profileFor } from '#lib/keyholder/profile.ts';
import type { kitProof } from '#lib/keyholder/kit-sign-in.ts';
import { beginByPassword, WAITING_MS, type SignIn } from '#lib/keyholder/sign-in.ts';
import { readEmail, readTyped } from '#lib/keyholder/typed.ts';
import type {
	EmailOutcome,
	PasskeyAnswer,
	PasskeyRequest,
	UnlockOutcome
} from '#lib/keyholder/views.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

/** A sign-in that asked for a code. */
interface Waiting {
	readonly link: Link;
	readonly signIn: SignIn;
	/** Of a sign-in by password; wiped with the rest. */
	readonly password?: Bytes;
	/** Of one by recovery kit. */
	readonly proofOf?: typeof kitProof;
}

/** A passkey that was asked for. */
interface Touch {
	readonly signIn: PasskeySignIn;
	readonly enter: typeof enterByPasskey;
	readonly untilMs: number;
}

export class Entrance {
	readonly #holder: Holder;
	#waiting: Waiting | undefined;
	#touch: Touch | undefined;

	constructor(holder: Holder) {
		this.#holder = holder;
		holder.onLock(() => {
			this.#forget();
		});
	}

	async byPassword(email: string, password: string, onStep: OnStep): Promise<UnlockOutcome> {
		const link = this.#holder.begin();
		return await run(link.life, async () => {
			const typed = readTyped(email, password);
			const kept = typed.password.slice();
			try {
				const signIn = await beginByPassword(link, typed, onStep);
				return await this.#enter({ link, signIn, password: kept }, undefined, onStep);
			} catch (error) {
				kept.fill(0);
				throw error;
			}
		});
	}

	async byKit(
		email: string,
		kit: string,
		mailed: Bytes | undefined,
		onStep: OnStep
	): Promise<UnlockOutcome> {
		const link = this.#holder.begin();
		return await run(link.life, async () => {
			const { beginByKit, kitProof } = await import('#lib/keyholder/kit-sign-in.ts');
			const signIn = await beginByKit(link, readEmail(email), kit, mailed);
			if (signIn === undefined) return { outcome: 'wrong-password' };
			return await this.#enter({ link, signIn, proofOf: kitProof }, undefined, onStep);
		});
	}

	async withCode(typed: string, onStep: OnStep): Promise<UnlockOutcome> {
		if (this.#waiting?.signIn.over === true) this.#end(this.#waiting);
		const waiting = this.#waiting;
		if (waiting === undefined) throw new KeyholderError('locked', 'nothing waits for a code');
		return await run(waiting.link.life, async () => {
			const { typedCode } = await import('#lib/keyholder/typed-code.ts');
			const code = typedCode(typed);
			if (code === undefined) return { outcome: 'second-factor' };
			if (this.#waiting !== waiting) throw new KeyholderError('locked', 'it waits no more');
			return await this.#enter(waiting, code, onStep);
		});
	}

	async askPasskey(): Promise<PasskeyRequest> {
		const link = this.#holder.begin();
		return await run(link.life, async () => {
			const passkeys = await import('#lib/keyholder/passkey-sign-in.ts');
			const signIn = await passkeys.beginByPasskey(link);
			const untilMs = link.ports.now() + WAITING_MS;
			this.#touch = { signIn, enter: passkeys.enterByPasskey, untilMs };
			return signIn.request;
		});
	}

	async byPasskey(answer: PasskeyAnswer, onStep: OnStep): Promise<UnlockOutcome> {
		const touch = this.#touch;
		this.#touch = undefined;
		if (touch === undefined || this.#holder.ports.now() > touch.untilMs) {
			answer.prf.fill(0);
			throw new KeyholderError('locked', 'no passkey was asked for');
		}
		const { link } = touch.signIn;
		return await run(link.life, async () => {
			const open = await touch.enter(touch.signIn, answer, onStep);
			if (open === undefined) return { outcome: 'wrong-password' };
			this.#holder.hold(link, open);
			return { outcome: 'unlocked' };
		});
	}

	/** The email, after a sign-in that needed none. */
	async takeEmail(email: string): Promise<EmailOutcome> {
		return await this.#holder.read(async ({ holding }) => {
			const typed = readEmail(email);
			const { account, servedEmail } = holding.open.state;
			if (typed.email !== servedEmail) return { outcome: 'other' };
			const pin = await holding.link.ports.pins.email(await emailHash(typed.email));
			if (pin !== undefined && pin.account !== account) {
				throw new KeyholderError('rollback', 'the email meant another account');
			}
			await holding.adopt({ typed });
			return { outcome: 'taken' };
		});
	}

	/** Tries, and keeps the keys only for a code that is still to be asked for. */
	async #enter(waiting: Waiting, code: string | undefined, onStep: OnStep): Promise<UnlockOutcome> {
		const { link, signIn } = waiting;
		let kept = false;
		try {
			const entered = await signIn.enter(code, onStep);
			if (entered.outcome === 'second-factor') {
				link.life.check();
				kept = true;
				this.#wait(waiting);
			}
			if (entered.outcome !== 'opened') return { outcome: entered.outcome };
			this.#waiting = undefined;
			const held = this.#holder.hold(link, entered.open);
			const proof = waiting.proofOf?.(signIn, link.ports.now());
			if (proof === undefined) kept = this.#raise(held, waiting, entered.wrap);
			else this.#holder.prove(held, proof);
			return { outcome: 'unlocked' };
		} catch (error) {
			// A connection that was lost, or a limit, says nothing about the code: it may be sent again.
			const found = keyholderError(error);
			kept = this.#waiting === waiting && found instanceof KeyholderError && !isFinal(found);
			if (kept) this.#wait(waiting);
			throw found;
		} finally {
			if (!kept) this.#end(waiting);
		}
	}

	/**
	 * Wraps the account key anew if passwords have come to cost more since it was set. It happens
	 * behind the person's back and may fail: the next time the password is entered it is tried again.
	 *
	 * @returns whether the keys are still needed.
	 */
	#raise(held: Held, waiting: Waiting, wrap: Bytes): boolean {
		const { link, signIn, password } = waiting;
		const { state } = held.holding.open;
		const slot = passwordSlotOf(state);
		if (password === undefined || slot.profile >= profileFor(link.ports, slot)) return false;
		void run(link.life, async () => {
			const { account, manifest, slots } = state;
			const { typed } = held.holding.open;
			if (typed === undefined) return;
			const served = { account, generation: manifest.generation, slots: [...slots] };
			const { kek } = signIn.keys;
			const { raise } = await import('#lib/keyholder/raising.ts');
			const { accountKey } = await openSlot(link.ports.origin, signIn.slot, { kek, wrap }, served);
			await raise(this.#holder, held, { accountKey, slot, keys: signIn.keys, typed }, password);
		})
			.catch(() => undefined)
			.finally(() => {
				this.#end(waiting);
			});
		return true;
	}

	#wait(waiting: Waiting): void {
		this.#waiting = waiting;
		waiting.signIn.wait(() => {
			this.#end(waiting);
		});
	}

	#end(waiting: Waiting): void {
		waiting.signIn.end();
		waiting.password?.fill(0);
		if (this.#waiting === waiting) this.#waiting = undefined;
	}

	#forget(): void {
		this.#touch = undefined;
		if (this.#waiting !== undefined) this.#end(this.#waiting);
	}
}
