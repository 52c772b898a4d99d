/**
 * A passkey on its way into the account: the password first, then the touch, then a name. Only the
 * last step enrols it, so that nothing is ever there by half; given up before, the authenticator is
 * told that what it made means nothing here.
 */
import type { Fault } from '#lib/browser/fault.ts';
import type { PasskeyDoor } from '#lib/browser/passkey.ts';
import type { ProofAnswer, StepUp } from '#lib/browser/security-proof.svelte.ts';
import type { WayOutcome } from '#lib/browser/security-ways.svelte.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { NewPasskey, PasskeyOffer } from '#lib/keyholder/views.ts';

export type PasskeyStep = 'password' | 'touch' | 'name';
/** `there`: this authenticator holds a passkey of the account already. */
export type TouchAnswer = 'made' | 'cancelled' | 'there' | 'failed';
export type EnrolAnswer = WayOutcome | 'cancelled';

type Made = Omit<NewPasskey, 'name'>;

export class PasskeyToAdd {
	#step = $state.raw<PasskeyStep>('password');
	readonly #work = new Work();
	#password = '';
	#offer: PasskeyOffer | undefined;
	#made: Made | undefined;
	#touch: AbortController | undefined;

	constructor(
		private readonly session: Session,
		private readonly stepUp: StepUp,
		private readonly door: PasskeyDoor
	) {
		session.onLock(() => {
			this.giveUp();
		});
	}

	get step(): PasskeyStep {
		return this.#step;
	}
	get busy(): boolean {
		return this.#work.busy;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}

	/** Proves the password and asks what the passkey is to be made for. */
	async prove(password: string, email?: string): Promise<ProofAnswer> {
		const answer = await this.#work.do(async () => {
			const proved = await this.stepUp.provePassword(password, email);
			if (proved !== 'proved') return proved;
			this.#offer = await this.session.call((host) => host.offerPasskey());
			this.#password = password;
			this.#step = 'touch';
			return proved;
		});
		return answer.outcome === 'done' ? answer.value : 'failed';
	}

	/** Has the authenticator make it. */
	async touch(): Promise<TouchAnswer> {
		const offer = this.#offer;
		if (offer === undefined || this.#work.busy) return 'cancelled';
		const touch = (this.#touch = new AbortController());
		const answer = await this.#work.do(() => this.door.make(offer, touch.signal));
		if (answer.outcome !== 'done') return 'failed';
		if (answer.value.outcome !== 'made') return answer.value.outcome;
		const { passkey } = answer.value;
		if (touch.signal.aborted) {
			passkey.prf.fill(0);
			void this.door.forget(passkey.credential);
			return 'cancelled';
		}
		this.#made = passkey;
		this.#step = 'name';
		return 'made';
	}

	/**
	 * Enrols it. The worker takes the PRF result with it: if it has to be tried again, because the code
	 * was wrong, the passkey is touched once more.
	 */
	async enrol(name: string, code?: string): Promise<EnrolAnswer> {
		const answer = await this.#work.step<WayOutcome>(async () => {
			const passkey = await this.#withResult();
			if (passkey === undefined) return { outcome: 'cancelled' };
			const { outcome } = await this.session.call((host) =>
				host.addPasskey({ ...passkey, name }, this.#password, code)
			);
			if (outcome === 'changed') {
				this.#made = undefined;
				await this.session.look();
				this.#forget();
			}
			return { outcome: 'done', value: outcome };
		});
		return answer.outcome === 'done' ? answer.value : answer.outcome;
	}

	/** Ends it where it is. */
	giveUp(): void {
		this.#touch?.abort();
		const made = this.#made;
		this.#forget();
		this.#work.forget();
		if (made === undefined) return;
		made.prf.fill(0);
		void this.door.forget(made.credential);
	}

	/** @returns undefined if it is not touched again */
	async #withResult(): Promise<Made | undefined> {
		const made = this.#made;
		const offer = this.#offer;
		if (made === undefined || offer === undefined) return undefined;
		// What was handed to the worker is empty here.
		if (made.prf.length > 0) return made;
		const { challenge, prfInput } = offer;
		const again = await this.door.touch({ challenge, prfInput, allowed: [made.credential] });
		if (again.outcome === 'cancelled') return undefined;
		return { ...made, prf: again.answer.prf };
	}

	#forget(): void {
		this.#step = 'password';
		this.#password = '';
		this.#offer = undefined;
		this.#made = undefined;
		this.#touch = undefined;
	}
}
