/** The pins of a device, in memory. */
import { encode } from '#lib/encoding/base64url.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import {
	raise,
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

	async save({ email, account, replace = false }: PinChange): Promise<void> {
		await Promise.resolve();
		if (account !== undefined) {
			const stored = replace ? undefined : this.accounts.get(account.id);
			this.accounts.set(account.id, raise(stored, account.pin, account.descendsFrom));
		}
		if (email !== undefined) this.emails.set(email.hash, email.pin);
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
