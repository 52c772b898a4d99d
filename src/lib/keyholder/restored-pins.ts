/**
 * The memory of a device that has never seen the account: what an operator restored is looked at with
 * it, so that nothing is compared with what this device saw, and nothing of that changes. Which
 * account an email means, and how costly its password is, holds as ever. Norm: docs/protocol.md, 10.
 */
import type { Id } from '#lib/api/wire.ts';
import {
	settle,
	type AccountPin,
	type EmailPin,
	type PinChange,
	type PinStore
} from '#lib/keyholder/pins.ts';

export class NewDevicePins implements PinStore {
	readonly #own: PinStore;
	readonly #accounts = new Map<Id, AccountPin>();

	/** @param own of this device. */
	constructor(own: PinStore) {
		this.#own = own;
	}

	deviceId(): Promise<Id> {
		return this.#own.deviceId();
	}

	email(hash: string): Promise<EmailPin | undefined> {
		return this.#own.email(hash);
	}

	account(id: Id): Promise<AccountPin | undefined> {
		return Promise.resolve(this.#accounts.get(id));
	}

	async save(change: PinChange): Promise<void> {
		const { email, account } = change;
		const stored = {
			email: email && (await this.#own.email(email.hash)),
			account: account && this.#accounts.get(account.id)
		};
		const settled = settle(stored, change);
		if (account !== undefined && settled.account !== undefined) {
			this.#accounts.set(account.id, settled.account);
		}
	}

	/** What an email means is not this memory's to forget. */
	forget(): Promise<void> {
		return Promise.resolve();
	}
}
