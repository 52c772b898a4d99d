/** The fakes of a browser, with a wallet and a clipboard that takes everything. */
import { Clipboard } from '#lib/browser/clipboard.svelte.ts';
import { Wallet } from '#lib/browser/wallet.svelte.ts';
import { World } from './world.ts';

export class WalletWorld extends World {
	/** What was written into the clipboard. */
	readonly written: string[] = [];
	readonly clipboard = new Clipboard({
		clock: this.clock,
		hasFocus: () => true,
		write: async (text) => void this.written.push(await text)
	});
	readonly wallet = new Wallet(this.session, this.clipboard, this.clock, this.time);
}
