/** What remembers what it was asked, and answers when it is told to. */
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import { settled } from './settled.ts';

const NEED_PROOF = new Set([
	'askEmailChange',
	'askSecondFactorSeed',
	'dropAccount',
	'dropVault',
	'endOtherSessions',
	'endSession',
	'rotate',
	'turnSecondFactorOff',
	'turnSecondFactorOn'
]);

export class Asked {
	readonly asked: string[] = [];
	/** The next calls fail with this. */
	fault: Fault | undefined;
	/** Whether what needs a proof is refused, until the password is proved. */
	unproved = false;
	#held: (() => void)[] | undefined;

	/** From now on calls wait until {@link release}. */
	hold(): void {
		this.#held = [];
	}

	/** Answers what waits; later calls wait again. */
	async next(): Promise<void> {
		const held = this.#held ?? [];
		this.#held = [];
		for (const go of held) go();
		await settled();
	}

	async release(): Promise<void> {
		const held = this.#held ?? [];
		this.#held = undefined;
		for (const go of held) go();
		await settled();
	}

	protected async ask(what: string): Promise<void> {
		this.asked.push(what);
		const held = this.#held;
		if (held !== undefined) {
			await new Promise<void>((go) => {
				held.push(go);
			});
		}
		if (this.fault !== undefined) throw new FaultError(this.fault);
		const [call = ''] = what.split(' ');
		if (this.unproved && NEED_PROOF.has(call)) throw new FaultError({ code: 'proof' });
	}
}
