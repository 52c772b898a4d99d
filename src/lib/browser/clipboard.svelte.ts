/**
 * The clipboard while a value of ours is in it. It is cleared by the timer while the page has
 * focus, else at the next focus, at a lock and at sign-out. A browser that lets a page write only
 * after a click or a key refuses the timer: then at the next of these. What a system's clipboard
 * history keeps is out of reach of any page.
 */
import type { Clock } from '#lib/browser/clock.ts';
import { countDown } from '#lib/browser/countdown.ts';
import type { Fault } from '#lib/browser/fault.ts';

export interface ClipboardPorts {
	readonly clock: Clock;
	/** Rejects where the browser refuses. Takes a promise: the permission belongs to the click. */
	write(text: Promise<string>): Promise<void>;
	hasFocus(): boolean;
}

export interface Held {
	/** What was copied, in the person's words. */
	readonly label: string;
	/** 0: the time is up, and it is cleared as soon as the browser lets the page do it. */
	readonly secondsLeft: number;
	readonly secondsTotal: number;
}

/** What people find enough to paste, and short enough to forget about. */
export const CLIPBOARD_SECONDS = 30;

export class Clipboard {
	#held = $state.raw<Held>();
	#away = $state.raw(false);
	#fault = $state.raw<Fault>();
	#endTicks: (() => void) | undefined;

	/** @param seconds how long a value stays, asked at each copy */
	constructor(
		private readonly ports: ClipboardPorts,
		private readonly seconds: () => number = () => CLIPBOARD_SECONDS
	) {}

	/** The value of ours that is in the clipboard. */
	get held(): Held | undefined {
		return this.#held;
	}
	/** The same, unless the person has put the message of it away. */
	get told(): Held | undefined {
		return this.#away ? undefined : this.#held;
	}
	/** `clipboard`: the browser refused to copy, or to clear. */
	get fault(): Fault | undefined {
		return this.#fault;
	}

	/**
	 * Copies and starts the countdown. A value that fails to come rejects; a clipboard that refuses
	 * answers false and stands in `fault`.
	 */
	async put(value: string | Promise<string>, label: string): Promise<boolean> {
		this.#fault = undefined;
		const text = Promise.resolve(value);
		const written = this.ports.write(text).then(
			() => true,
			() => false
		);
		await text;
		if (!(await written)) {
			this.#fault = { code: 'clipboard' };
			return false;
		}
		// Of a value before this one, whose end was refused meanwhile.
		this.#fault = undefined;
		this.#count(label);
		return true;
	}

	/** Empties it now if a value of ours is in it; without focus at the next focus. */
	async clear(): Promise<void> {
		const held = this.#held;
		if (held === undefined) return;
		this.#stopTicks();
		const overdue = { ...held, secondsLeft: 0 };
		this.#held = overdue;
		if (!this.ports.hasFocus()) return;
		try {
			await this.ports.write(Promise.resolve(''));
			// Another value may have been copied meanwhile.
			if (this.#held !== overdue) return;
			this.#held = undefined;
			this.#fault = undefined;
		} catch {
			if (this.#held === overdue) this.#fault = { code: 'clipboard' };
		}
	}

	/** The page got focus, or a click or a key: clears what is overdue. */
	async clearOverdue(): Promise<void> {
		if (this.#held?.secondsLeft === 0) await this.clear();
	}

	/** The message of it covers something: the value is cleared when its time is up all the same. */
	putAway(): void {
		this.#away = true;
	}

	dismissFault(): void {
		this.#fault = undefined;
	}

	#count(label: string): void {
		this.#stopTicks();
		this.#away = false;
		const secondsTotal = this.seconds();
		const show = (secondsLeft: number) => {
			this.#held = { label, secondsLeft, secondsTotal };
		};
		this.#endTicks = countDown(this.ports.clock, secondsTotal, show, () => {
			void this.clear();
		});
	}

	#stopTicks(): void {
		this.#endTicks?.();
		this.#endTicks = undefined;
	}
}
