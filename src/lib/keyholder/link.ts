/**
 * The way to the server during one {@link Life}: the typed client behind a gate. Once the account
 * is locked, or was served something that is not genuine, the gate lets nothing out.
 */
import { Client, type Call } from '#lib/api/client.ts';
import type { Route } from '#lib/api/routes.ts';
import type { z } from '#lib/api/zod.ts';
import { Trail } from '#lib/keyholder/descent.ts';
import type { Life } from '#lib/keyholder/life.ts';
import type { Ports } from '#lib/keyholder/ports.ts';

export class Link {
	/** Of the chains that were served over it. */
	readonly trail = new Trail();
	readonly #client: Client;

	constructor(
		readonly ports: Ports,
		readonly life: Life
	) {
		this.#client = new Client(ports.origin, async (url, init) => {
			life.check();
			return await ports.fetch(url, init);
		});
	}

	/**
	 * @throws {ApiError} as the client does.
	 * @throws {KeyholderError} `locked`, or what this life was stopped for.
	 */
	async call<R extends Route>(route: R, call: Call<R> = {}): Promise<z.output<R['reply']>> {
		this.life.check();
		try {
			return await this.#client.call(route, call);
		} finally {
			// The client takes whatever its fetch throws for a lost connection; the gate knows better.
			this.life.check();
		}
	}
}
