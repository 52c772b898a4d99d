/**
 * What replaces keys: a rotation of the account that is held, and accepting what an operator restored,
 * which may need one first. One of each waits at a time, until the next lock at the latest.
 *
 * What does them is loaded when it is asked for: whoever unlocks need not wait for it.
 */
import type { Id } from '#lib/api/wire.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { run, type Held, type Holder } from '#lib/keyholder/holder.ts';
import type { Link } from '#lib/keyholder/link.ts';
import type { Restored } from '#lib/keyholder/restored.ts';
import type { RotationChoice } from '#lib/keyholder/rotation-plan.ts';
import type { Rotation } from '#lib/keyholder/rotation.ts';
import { readTyped } from '#lib/keyholder/typed.ts';
import { typedCode } from '#lib/keyholder/typed-code.ts';
import type {
	PasskeyAnswer,
	PasskeyRequest,
	RestoredState,
	RotationOutcome,
	RotationPlan,
	RotationStep
} from '#lib/keyholder/views.ts';

type OnStep = (step: RotationStep) => void;
const nobody: OnStep = () => undefined;

export class Rotations {
	readonly #holder: Holder;
	#planned: Rotation | undefined;
	#looked: { readonly link: Link; readonly restored: Restored } | undefined;

	constructor(holder: Holder) {
		this.#holder = holder;
		holder.onLock(() => {
			this.#dropPlanned();
			this.#looked?.restored.drop();
			this.#looked = undefined;
		});
	}

	/**
	 * Begins a rotation: looks at the account, makes the new kit and says what will be dropped. While
	 * a restored state waits to be accepted, it is that one's.
	 *
	 * @throws {KeyholderError} `invalid` if the next password may not be set, or none was typed;
	 * `no-email`; `proof` without a password unless a kit has just proved.
	 */
	async plan(
		choice: RotationChoice
	): Promise<
		| { readonly outcome: 'planned'; readonly plan: RotationPlan }
		| { readonly outcome: 'wrong-password' }
	> {
		const looked = this.#looked;
		const rotation =
			looked === undefined
				? await this.#holder.read((held) => this.#planHeld(held, choice))
				: await run(looked.link.life, () => looked.restored.plan(choice));
		return rotation === undefined
			? { outcome: 'wrong-password' }
			: { outcome: 'planned', plan: rotation.plan };
	}

	/** What a passkey has to sign, so that it is kept. */
	async askPasskey(slot: Id): Promise<PasskeyRequest> {
		return await this.#with((rotation) => rotation.askPasskey(slot));
	}

	/**
	 * Wipes the PRF result, whatever comes of it.
	 *
	 * @throws {KeyholderError} `invalid` if it is another passkey, or gives another key than before.
	 */
	async keepPasskey(slot: Id, answer: PasskeyAnswer): Promise<RotationPlan> {
		try {
			return await this.#with((rotation) => rotation.keepPasskey(slot, answer));
		} finally {
			answer.prf.fill(0);
		}
	}

	/**
	 * Does what was planned, or nothing. After an error it may be asked for again: if it had arrived
	 * all the same, that is found.
	 *
	 * @throws {KeyholderError} `locked` if nothing is planned; `proof` if it was planned too long ago:
	 * then prove, and ask again.
	 */
	async run(onStep = nobody): Promise<RotationOutcome> {
		return await this.#holder.read(async (held) => {
			const rotation = this.#needed();
			const answered = await rotation.run(held.proof, onStep);
			if (answered.outcome === 'rotated') {
				this.#dropPlanned();
				// What it signs by is no slot's key any more.
				held.proof?.end();
			}
			return answered;
		});
	}

	/** Forgets what was planned; what runs comes to its end first. */
	async drop(): Promise<void> {
		const looked = this.#looked;
		if (looked !== undefined) {
			await run(looked.link.life, () => {
				looked.restored.dropRotation();
				return Promise.resolve();
			});
		} else if (this.#planned !== undefined) {
			await this.#holder.read(() => {
				this.#dropPlanned();
				return Promise.resolve();
			});
		}
	}

	/**
	 * Looks at what a server serves that this device refuses, as a new device would; what was
	 * unlocked is locked first. Nothing is opened for use, and no pin is changed.
	 *
	 * @param typed a code of the second factor, after it was asked for.
	 */
	async lookAtRestore(
		email: string,
		password: string,
		typed?: string
	): Promise<
		| { readonly outcome: 'found'; readonly state: RestoredState }
		| { readonly outcome: 'wrong-password' | 'second-factor' }
	> {
		const code = typed === undefined ? undefined : typedCode(typed);
		if (typed !== undefined && code === undefined) return { outcome: 'second-factor' };
		const link = this.#holder.begin();
		return await run(link.life, async () => {
			const { Restored } = await import('#lib/keyholder/restored.ts');
			const found = await Restored.look(link, readTyped(email, password), code);
			if (found.outcome !== 'found') return found;
			const { restored } = found;
			try {
				link.life.check();
			} catch (error) {
				restored.drop();
				throw error;
			}
			this.#looked = { link, restored };
			return { outcome: 'found', state: restored.view };
		});
	}

	/**
	 * Writes on top of what was looked at, replaces the pins and unlocks.
	 *
	 * @returns `conflict` if another device has written meanwhile: it is to be looked at again.
	 * @throws {KeyholderError} `locked` if nothing was looked at, `rotate-first` if it holds keys that
	 * were given up and no rotation is planned, `proof` if it was looked at too long ago.
	 */
	async acceptRestore(onStep = nobody): Promise<{ readonly outcome: 'accepted' | 'conflict' }> {
		const looked = this.#looked;
		if (looked === undefined) throw new KeyholderError('locked', 'nothing was looked at');
		const { link, restored } = looked;
		return await run(link.life, async () => {
			const open = await restored.accept(onStep);
			this.#looked = undefined;
			restored.drop(open);
			if (open === undefined) return { outcome: 'conflict' };
			this.#holder.hold(link, open);
			return { outcome: 'accepted' };
		});
	}

	async #planHeld(held: Held, choice: RotationChoice): Promise<Rotation | undefined> {
		const { Rotation } = await import('#lib/keyholder/rotation.ts');
		const rotation = await Rotation.plan(held.holding, choice, held.proof);
		if (rotation === undefined) return undefined;
		this.#dropPlanned();
		this.#planned = rotation;
		held.rotates = true;
		return rotation;
	}

	async #with<T>(work: (rotation: Rotation) => Promise<T>): Promise<T> {
		const looked = this.#looked;
		if (looked === undefined) return await this.#holder.read(() => work(this.#needed()));
		return await run(looked.link.life, () => work(looked.restored.rotation));
	}

	#needed(): Rotation {
		if (this.#planned === undefined) throw new KeyholderError('locked', 'nothing is planned');
		return this.#planned;
	}

	#dropPlanned(): void {
		this.#planned?.drop();
		this.#planned = undefined;
	}
}
