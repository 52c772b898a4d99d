/**
 * The link of a mail, on its page: its token is taken out of the address at once, so that neither
 * history nor a look over the shoulder shows it, and followed when the page says so.
 */
import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import { faultOf, type Fault } from '#lib/browser/fault.ts';
import { tokenIn } from '#lib/browser/mailed-token.ts';

export type Token = NonNullable<ReturnType<typeof tokenIn>>;

type LinkPath =
	'/confirm' | '/email' | '/recover' | '/register' | '/start-over' | '/start-over/stop';

/** `none`: there was no whole token.   `spent`: used up, or too old. */
export type LinkState = 'none' | 'waiting' | 'working' | 'done' | 'spent' | 'failed';

export class MailedLink<Value> {
	#token = $state.raw<Token>();
	#state = $state.raw<LinkState>('none');
	#value = $state.raw<Value>();
	#fault = $state.raw<Fault>();

	/**
	 * To be made while a component is: a second link that is opened on the same page takes the place
	 * of the first.
	 *
	 * @param path of its page
	 * @param name of the token in the fragment, if it has one
	 */
	constructor(
		private readonly path: LinkPath,
		private readonly act: (token: Token) => Promise<Value>,
		name?: string
	) {
		$effect.pre(() => {
			if (page.url.hash !== '') this.#take(page.url.hash, name);
		});
	}

	get token(): Token | undefined {
		return this.#token;
	}
	get state(): LinkState {
		return this.#state;
	}
	/** What following it gave. */
	get value(): Value | undefined {
		return this.#value;
	}
	get fault(): Fault | undefined {
		return this.#fault;
	}

	async follow(): Promise<void> {
		const token = this.#token;
		if (token === undefined || this.#state === 'working') return;
		this.#state = 'working';
		this.#fault = undefined;
		try {
			this.#value = await this.act(token);
			this.#state = 'done';
		} catch (error) {
			const fault = faultOf(error);
			this.#state = fault.code === 'link' ? 'spent' : 'failed';
			this.#fault = fault;
		}
	}

	#take(hash: string, name: string | undefined): void {
		const token = tokenIn(hash, name);
		this.#token = token;
		this.#state = token === undefined ? 'none' : 'waiting';
		// Kit keeps the address it came with: it is replaced there too.
		history.replaceState(history.state, '', this.path);
		void goto(resolve(this.path), { replaceState: true, keepFocus: true, noScroll: true });
	}
}
