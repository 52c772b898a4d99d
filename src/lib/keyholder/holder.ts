/**
 * Who holds the unlocked account: one at a time, from an unlock to the next lock. Everything that a
 * person may do with it runs through here, one after another, and ends with it.
 */
import type { ActionProof } from '#lib/keyholder/action-proof.ts';
import type { Commits } from '#lib/keyholder/commits.ts';
import { isFinal, KeyholderError, keyholderError } from '#lib/keyholder/errors.ts';
import { Holding } from '#lib/keyholder/holding.ts';
import { Life } from '#lib/keyholder/life.ts';
import { Link } from '#lib/keyholder/link.ts';
import { wipe, type OpenAccount } from '#lib/keyholder/open-account.ts';
import type { Ports } from '#lib/keyholder/ports.ts';

export interface Held {
	readonly holding: Holding;
	/** From the first save on. */
	commits?: Commits;
	/** What may sign for a person who has proved who they are. */
	proof?: ActionProof | undefined;
	/** A rotation was planned, for the ways in as they are: nothing may touch them behind its back. */
	rotates?: boolean;
}

export class Holder {
	#life = new Life();
	#held: Held | undefined;
	readonly #onLock: (() => void)[] = [];

	constructor(readonly ports: Ports) {}

	/** Runs `action` at every lock: whoever keeps a key of their own overwrites it then. */
	onLock(action: () => void): void {
		this.#onLock.push(action);
	}

	/** Locks what was open; what is done over the link returned belongs to a new life. */
	begin(): Link {
		this.lock();
		this.#life = new Life();
		return this.link();
	}

	/** A new link in the same life. */
	link(): Link {
		return new Link(this.ports, this.#life);
	}

	/** Forgets and overwrites every key. What is under way ends with `locked` and sends nothing more. */
	lock(): void {
		this.#life.end();
		for (const action of this.#onLock) action();
		const held = this.#held;
		this.#held = undefined;
		if (held === undefined) return;
		held.proof?.end();
		wipe(held.holding.open);
	}

	/** Holds what was opened, or wipes it if it was locked meanwhile. */
	hold(link: Link, open: OpenAccount): Held {
		try {
			link.life.check();
		} catch (error) {
			wipe(open);
			throw error;
		}
		const holding = new Holding(link, open);
		this.#held = { holding };
		return this.#held;
	}

	/** @throws {KeyholderError} `locked` */
	need(): Held {
		if (this.#held === undefined) throw new KeyholderError('locked', 'locked');
		return this.#held;
	}

	/** Makes `proof` the one that signs; the one before ends. If it was locked meanwhile, both do. */
	prove(held: Held, proof: ActionProof): void {
		held.proof?.end();
		if (this.#held === held) held.proof = proof;
		else proof.end();
	}

	/** Runs `work` with the account that is held, in its turn. */
	async read<T>(work: (held: Held) => Promise<T>): Promise<T> {
		const held = this.need();
		return await run(held.holding.link.life, () => work(held));
	}

	/**
	 * As {@link read}, for what writes.
	 *
	 * @throws {KeyholderError} `rotate-first` if nothing but a rotation may be written.
	 */
	async write<T>(work: (held: Held) => Promise<T>): Promise<T> {
		return await this.read((held) => {
			if (held.holding.open.mustRotate) {
				throw new KeyholderError('rotate-first', 'the account key is to be replaced first');
			}
			return work(held);
		});
	}
}

/** Runs `work` in its turn. What it throws is a {@link KeyholderError}; a final one stops this life. */
export async function run<T>(life: Life, work: () => Promise<T>): Promise<T> {
	return await life.queue(async () => {
		try {
			return await work();
		} catch (error) {
			const found = keyholderError(error);
			if (found instanceof KeyholderError && isFinal(found)) life.stop(found);
			throw found;
		}
	});
}
