/**
 * The pins of this device in IndexedDB (docs/protocol.md, 9). Signing out does not remove them: a
 * server must not be able to make a device forget by asking it to sign in again. It can have all
 * storage of the page erased, by a header of any answer; then the keyholder notices or says so.
 *
 * Reading, comparing and writing happen in one transaction, so that two tabs cannot lower what the
 * other raised, and it is on the disk before anything is called saved.
 */
import { transact, type Transact } from '#lib/browser/device/transaction.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { encode } from '#lib/encoding/base64url.ts';
import {
	settle,
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

	async save(change: PinChange): Promise<void> {
		const names = {
			...(change.email === undefined ? {} : { email: emailName(change.email.hash) }),
			...(change.account === undefined ? {} : { account: accountName(change.account.id) })
		};
		await this.transaction(Object.values(names), (values) => {
			const { email, account } = settle(
				{
					email: values[names.email ?? ''] as EmailPin | undefined,
					account: values[names.account ?? ''] as AccountPin | undefined
				},
				change
			);
			return {
				...(names.email === undefined ? {} : { [names.email]: email }),
				...(names.account === undefined ? {} : { [names.account]: account })
			};
		});
	}

	async forget(emailHash: string, account?: string): Promise<void> {
		await this.transaction([], () => ({
			[emailName(emailHash)]: undefined,
			...(account === undefined ? {} : { [accountName(account)]: undefined })
		}));
	}
}

function emailName(hash: string): string {
	return `email:${hash}`;
}

function accountName(id: string): string {
	return `account:${id}`;
}
