/** What a page before the vault must know of its server: asked once, and again if that failed. */
import type { ServerInfo } from '#lib/api/accounts.ts';
import { faultOf, type Fault } from '#lib/browser/fault.ts';
import type { ServerCalls } from '#lib/browser/server-calls.ts';

export class ServerFacts {
	#info = $state.raw<ServerInfo>();
	#fault = $state.raw<Fault>();

	constructor(private readonly server: ServerCalls) {}

	get info(): ServerInfo | undefined {
		return this.#info;
	}
	get fault(): Fault | undefined {
		return this.#fault;
	}

	async load(): Promise<void> {
		this.#fault = undefined;
		try {
			this.#info = await this.server.info();
		} catch (error) {
			this.#fault = faultOf(error);
		}
	}
}
