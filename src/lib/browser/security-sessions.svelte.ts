/** Where the account is signed in, and the ends of that. */
import type { ListedSession } from '#lib/api/sessions.ts';
import type { Fault } from '#lib/browser/fault.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';

export type { ListedSession };

export type EndOutcome = 'ended' | 'cancelled' | 'failed';

export class SessionList {
	#list = $state.raw<readonly ListedSession[]>();
	/** The session that is being ended; `others` for all but this one. */
	#ending = $state.raw<string>();
	readonly #work = new Work();

	constructor(
		private readonly session: Session,
		private readonly stepUp: StepUp
	) {
		session.onLock(() => {
			this.#list = undefined;
			this.#ending = undefined;
			this.#work.forget();
		});
	}

	/** This one first; undefined until it is known. */
	get list(): readonly ListedSession[] | undefined {
		return this.#list;
	}
	get others(): number {
		return this.#list?.filter(({ current }) => !current).length ?? 0;
	}
	get ending(): string | undefined {
		return this.#ending;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}

	async load(): Promise<void> {
		const loaded = await this.#work.do(() => this.session.call((host) => host.sessions()));
		if (loaded.outcome === 'done') this.#list = loaded.value;
	}

	/** Signs one other device out. */
	async end(id: string): Promise<EndOutcome> {
		return await this.#end(id, () => this.stepUp.run((host) => host.endSession(id)));
	}

	/** Signs everything out but this. */
	async endOthers(): Promise<EndOutcome> {
		return await this.#end('others', () => this.stepUp.run((host) => host.endOtherSessions()));
	}

	async #end(what: string, act: Parameters<Work['step']>[0]): Promise<EndOutcome> {
		if (this.#ending !== undefined) return 'cancelled';
		this.#ending = what;
		const { outcome } = await this.#work.step(act);
		this.#ending = undefined;
		if (outcome !== 'done') return outcome;
		await this.load();
		return 'ended';
	}
}
