/**
 * What a page asks the server without an account: what it must know of it, and the links of mails.
 * Nothing here holds a key. Every call rejects with a FaultError.
 */
import type { ServerInfo } from '#lib/api/accounts.ts';
import type { Fetch } from '#lib/api/client.ts';
import type { ErasureBegun } from '#lib/api/erasures.ts';
import type { PublicCall, PublicReply, PublicRoute } from '#lib/browser/public-call.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

export class ServerCalls {
	constructor(
		private readonly origin: string,
		private readonly fetch: Fetch
	) {}

	async info(): Promise<ServerInfo> {
		return await this.#call('server');
	}

	/** What the server's clock says, in milliseconds since 1970. */
	async time(): Promise<number> {
		const { serverTime } = await import('#lib/browser/public-call.ts');
		return await serverTime(this.origin, this.fetch);
	}

	/** Makes the account that waits for this link. */
	async confirm(token: Bytes): Promise<void> {
		await this.#call('confirm', { body: { token } });
	}

	/** Asks for the mail once more. The answer is the same for every address; so are the next two. */
	async askConfirmationMail(email: string): Promise<void> {
		await this.#call('confirmationMail', { body: { email } });
	}

	/** The mail whose link a sign-in by recovery kit needs. */
	async askRecoveryMail(email: string): Promise<void> {
		await this.#call('recoveryMail', { body: { email } });
	}

	/** The mail whose link begins to erase the account. */
	async askErasureMail(email: string): Promise<void> {
		await this.#call('erasureMail', { body: { email } });
	}

	async beginErasure(token: Bytes): Promise<ErasureBegun> {
		return await this.#call('erasure', { body: { token } });
	}

	async stopErasure(token: Bytes): Promise<void> {
		await this.#call('erasureStop', { body: { token } });
	}

	/** Follows one of the two links of an email change. */
	async confirmEmailChange(token: Bytes): Promise<void> {
		await this.#call('confirmEmailChange', { body: { token } });
	}

	/** The client and its schemas are loaded with the first call: most who unlock make none here. */
	async #call<Name extends PublicRoute>(
		name: Name,
		call: PublicCall<Name> = {}
	): Promise<PublicReply<Name>> {
		const { publicCall } = await import('#lib/browser/public-call.ts');
		return await publicCall(this.origin, this.fetch, name, call);
	}
}

/** The calls of this page. */
export function pageServer(): ServerCalls {
	return new ServerCalls(location.origin, globalThis.fetch.bind(globalThis));
}
