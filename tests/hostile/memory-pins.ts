/** The pins of a device, in memory. */
import { encode } from '#lib/encoding/base64url.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import {
	settle,
	type AccountPin,
	type EmailPin,
	type PinChange,
	type PinStore
} from '#lib/keyholder/pins.ts';

export class MemoryPins implements PinStore {
	readonly emails = new Map<string, EmailPin>();
	readonly accounts = new Map<string, AccountPin>();
	/** How often something was stored. */
	saves = 0;
	readonly #device = encode(randomBytes(16));

	deviceId(): Promise<string> {
		return Promise.resolve(this.#device);
	}

	email(hash: string): Promise<EmailPin | undefined> {
		return Promise.resolve(this.emails.get(hash));
	}

	account(id: string): Promise<AccountPin | undefined> {
		return Promise.resolve(this.accounts.get(id));
	}

	async save(change: PinChange): Promise<void> {
		await Promise.resolve();
		const { hash = '' } = change.email ?? {};
		const { id = '' } = change.account ?? {};
		const stored = { email: this.emails.get(hash), account: this.accounts.get(id) };
		const { email, account } = settle(stored, change);
		if (email !== undefined) this.emails.set(hash, email);
		if (account !== undefined) this.accounts.set(id, account);
		this.saves++;
	}

	forget(hash: string): Promise<void> {
		this.emails.delete(hash);
		return Promise.resolve();
	}

	/** All that is stored, to be compared later. */
	snapshot(): string {
		return JSON.stringify([[...this.emails], [...this.accounts]], (_, value: unknown) =>
			value instanceof Uint8Array ? encode(value) : value
		);
	}
}
