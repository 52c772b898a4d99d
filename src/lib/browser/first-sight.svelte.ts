/**
 * Whether the account on screen was compared with anything. A device that finds no memory of it
 * cannot tell an old state from the newest: a person can, and it is asked until the person has said
 * so, through locks and reloads.
 */
import type { Memory, Unseen } from '#lib/browser/device/remembered.ts';
import type { AccountView } from '#lib/keyholder/views.ts';

export class FirstSight {
	#unseen = $state.raw<Unseen>();
	#account: string | undefined;

	constructor(private readonly memory: Memory) {}

	/** Set while nobody has confirmed an account that this device had no memory of. */
	get unseen(): Unseen | undefined {
		return this.#unseen;
	}

	/** @param emailKnown whether this device remembered the email before the account was opened */
	opened({ account, known }: AccountView, emailKnown: boolean): void {
		this.#account = account;
		if (known) {
			this.#unseen = this.memory.unseen(account);
			return;
		}
		this.#unseen = emailKnown ? 'forgotten' : 'new';
		this.memory.rememberUnseen(account, this.#unseen);
	}

	/** The person has compared it and says that it is right. */
	confirm(): void {
		this.#unseen = undefined;
		if (this.#account !== undefined) this.memory.forgetUnseen(this.#account);
	}
}
