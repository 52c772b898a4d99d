/**
 * What a page asks the server without an account: what it must know of it, and the links of mails.
 * Nothing here holds a key. Every call rejects with a FaultError.
 */
import type { ServerInfo } from '#lib/api/accounts.ts';
import { Client, routes, type Call, type Fetch } from '#lib/api/client.ts';
import type { ErasureBegun } from '#lib/api/erasures.ts';
import type { Route } from '#lib/api/routes.ts';
import type { z } from '#lib/api/zod.ts';
import { FaultError } from '#lib/browser/fault.ts';
import { decode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { KeyholderError, keyholderError } from '#lib/keyholder/errors.ts';

const TOKEN_BYTES = 32;

export class ServerCalls {
	readonly #client: Client;

	constructor(origin: string, fetch: Fetch) {
		this.#client = new Client(origin, fetch);
	}

	async info(): Promise<ServerInfo> {
		return await this.#call(routes.server);
	}

	/** Makes the account that waits for this link. */
	async confirm(token: Bytes): Promise<void> {
		await this.#call(routes.confirm, { body: { token } });
	}

	/** Asks for the mail once more. The answer is the same for every address; so are the next two. */
	async askConfirmationMail(email: string): Promise<void> {
		await this.#call(routes.confirmationMail, { body: { email } });
	}

	/** The mail whose link a sign-in by recovery kit needs. */
	async askRecoveryMail(email: string): Promise<void> {
		await this.#call(routes.recoveryMail, { body: { email } });
	}

	/** The mail whose link begins to erase the account. */
	async askErasureMail(email: string): Promise<void> {
		await this.#call(routes.erasureMail, { body: { email } });
	}

	async beginErasure(token: Bytes): Promise<ErasureBegun> {
		return await this.#call(routes.erasure, { body: { token } });
	}

	async stopErasure(token: Bytes): Promise<void> {
		await this.#call(routes.erasureStop, { body: { token } });
	}

	/** Follows one of the two links of an email change. */
	async confirmEmailChange(token: Bytes): Promise<void> {
		await this.#call(routes.confirmEmailChange, { body: { token } });
	}

	async #call<R extends Route>(route: R, call: Call<R> = {}): Promise<z.output<R['reply']>> {
		try {
			return await this.#client.call(route, call);
		} catch (error) {
			const found = keyholderError(error);
			if (!(found instanceof KeyholderError)) throw new FaultError({ code: 'unexpected' });
			throw new FaultError({ code: found.code, detail: found.detail });
		}
	}
}

/** The calls of this page. */
export function pageServer(): ServerCalls {
	return new ServerCalls(location.origin, globalThis.fetch.bind(globalThis));
}

/**
 * The token in the fragment of a mailed link, which no server and no log sees; undefined if it holds
 * none.
 *
 * @param fragment as `location.hash`
 * @param name of the one before `=`, if there is one
 */
export function tokenIn(fragment: string, name?: string): Bytes | undefined {
	const start = name === undefined ? '#' : `#${name}=`;
	if (!fragment.startsWith(start)) return undefined;
	try {
		const token = decode(fragment.slice(start.length));
		return token.length === TOKEN_BYTES ? token : undefined;
	} catch {
		return undefined;
	}
}
