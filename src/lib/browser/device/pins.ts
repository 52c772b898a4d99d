/**
 * The pins of this device in IndexedDB (docs/protocol.md, 9). Signing out does not remove them: a
 * server must not be able to make a device forget by asking it to sign in again.
 *
 * Reading, comparing and writing happen in one transaction, so that two tabs cannot lower what the
 * other raised, and it is on the disk before anything is called saved.
 */
import { transact, type Transact } from '#lib/browser/device/transaction.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { encode } from '#lib/encoding/base64url.ts';
import {
	raise,
	type AccountPin,
	type EmailPin,
	type PinChange,
	type PinStore
} from '#lib/keyholder/pins.ts';

const DEVICE = 'device';
const DEVICE_ID_BYTES = 16;

export class IndexedPins implements PinStore {
	constructor(private readonly transaction: Transact = transact) {}

	async deviceId(): Promise<string> {
		const made = encode(randomBytes(DEVICE_ID_BYTES));
		const { [DEVICE]: known } = await this.transaction([DEVICE], (values) =>
			typeof values[DEVICE] === 'string' ? {} : { [DEVICE]: made }
		);
		return typeof known === 'string' ? known : made;
	}

	async email(emailHash: string): Promise<EmailPin | undefined> {
		const name = emailName(emailHash);
		const { [name]: pin } = await this.transaction([name], () => ({}));
		return pin as EmailPin | undefined;
	}

	async account(id: string): Promise<AccountPin | undefined> {
		const name = accountName(id);
		const { [name]: pin } = await this.transaction([name], () => ({}));
		return pin as AccountPin | undefined;
	}

	async save({ email, account, replace = false }: PinChange): Promise<void> {
		const names = account === undefined ? [] : [accountName(account.id)];
		await this.transaction(names, (values) => {
			const changed: Record<string, unknown> = {};
			if (email !== undefined) changed[emailName(email.hash)] = email.pin;
			if (account !== undefined) {
				const name = accountName(account.id);
				const stored = values[name] as AccountPin | undefined;
				changed[name] = replace ? account.pin : raise(stored, account.pin, account.descendsFrom);
			}
			return changed;
		});
	}

	async forget(emailHash: string): Promise<void> {
		await this.transaction([], () => ({ [emailName(emailHash)]: undefined }));
	}
}

function emailName(hash: string): string {
	return `email:${hash}`;
}

function accountName(id: string): string {
	return `account:${id}`;
}
