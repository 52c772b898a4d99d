/**
 * Another email. Where the server sends mail, it is confirmed at both addresses first; the password
 * is asked for at the end, because the email is part of what its keys are made from.
 */
import type { EmailChangeState } from '#lib/api/email-changes.ts';
import type { Fault } from '#lib/browser/fault.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import type { WayOutcome } from '#lib/browser/security-ways.svelte.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';

/** `waiting`: for the links in the two mails.   `password`: nothing is left but to write it. */
export type EmailStage = 'none' | 'waiting' | 'password';

export class EmailChange {
	#state = $state.raw<EmailChangeState>({ state: 'none' });
	/** Where nothing is to be confirmed. */
	#unconfirmed = $state.raw<string>();
	readonly #work = new Work();

	constructor(
		private readonly session: Session,
		private readonly stepUp: StepUp
	) {
		session.onLock(() => {
			this.#state = { state: 'none' };
			this.forget();
		});
	}

	get stage(): EmailStage {
		if (this.#unconfirmed !== undefined) return 'password';
		if (this.#state.state === 'none') return 'none';
		return this.#state.oldConfirmed && this.#state.newConfirmed ? 'password' : 'waiting';
	}
	/** The new one. */
	get email(): string {
		return this.#unconfirmed ?? (this.#state.state === 'waiting' ? this.#state.email : '');
	}
	get oldConfirmed(): boolean {
		return this.#state.state === 'waiting' && this.#state.oldConfirmed;
	}
	get newConfirmed(): boolean {
		return this.#state.state === 'waiting' && this.#state.newConfirmed;
	}
	get busy(): boolean {
		return this.#work.busy;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}

	async load(): Promise<void> {
		if (this.#work.busy) return;
		const loaded = await this.#work.do(() => this.session.call((host) => host.emailChange()));
		if (loaded.outcome === 'done') this.#state = loaded.value;
	}

	/** Has the two mails sent. */
	async ask(email: string): Promise<'asked' | 'cancelled' | 'failed'> {
		const asked = await this.#work.step(() =>
			this.stepUp.run((host) => host.askEmailChange(email))
		);
		if (asked.outcome !== 'done') return asked.outcome;
		this.#state = asked.value;
		this.#unconfirmed = asked.value.state === 'none' ? email : undefined;
		return 'asked';
	}

	async finish(password: string, code?: string): Promise<WayOutcome> {
		const { email } = this;
		const answer = await this.#work.do(async () => {
			const { outcome } = await this.session.call((host) =>
				host.changeEmail(email, password, code)
			);
			if (outcome !== 'changed') return outcome;
			await this.session.look();
			this.#state = { state: 'none' };
			this.#unconfirmed = undefined;
			return outcome;
		});
		return answer.outcome === 'done' ? answer.value : 'failed';
	}

	/** Gives up what was not sent anywhere; for leaving the screen too. */
	forget(): void {
		this.#unconfirmed = undefined;
		this.#work.forget();
	}
}
