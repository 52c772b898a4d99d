/**
 * The databases that accounts are divided among, each with a server of its own: keys, sessions and
 * limits are its own too, and no value of one opens in another. Off unless DATABASE_SHARDS is set:
 * then there is one, to which everything belongs.
 */
import { shardOf } from '#lib/server/db/shard.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';

const RETRY_SECONDS = 5;

type Act = (server: Server) => void;

export class Shards {
	/** Those that were not opened yet are missing. */
	readonly #servers: (Server | undefined)[];
	readonly #acts: Act[] = [];

	constructor(readonly count: number) {
		this.#servers = new Array<Server | undefined>(count).fill(undefined);
	}

	/** Whether there is something to tell apart. */
	get several(): boolean {
		return this.count > 1;
	}

	put(index: number, server: Server): void {
		this.#servers[index] = server;
		for (const act of this.#acts) act(server);
	}

	/** Whether it is open. */
	has(index: number): boolean {
		return this.#servers[index] !== undefined;
	}

	/** Does it with each of them, and with those that are opened later as soon as they are. */
	withEach(act: Act): void {
		for (const server of this.open()) act(server);
		this.#acts.push(act);
	}

	/** Those that are open, in their order. */
	open(): Server[] {
		return this.#servers.filter((server) => server !== undefined);
	}

	/** @throws {ServerError} `busy` if one could not be opened yet. */
	all(): Server[] {
		return this.#servers.map((_, index) => this.at(index));
	}

	/** @throws {ServerError} `busy` if it could not be opened yet. */
	at(index: number): Server {
		const server = this.#servers[index];
		if (server !== undefined) return server;
		throw new ServerError('busy', `database ${index + 1} of ${this.count} is away`, RETRY_SECONDS);
	}

	/** That which `value` belongs to. @throws {ServerError} `busy` if it could not be opened yet. */
	owning(value: Uint8Array): Server {
		return this.at(shardOf(value, this.count));
	}

	/**
	 * The first that says so, whatever the others do; for what is random, and tells by no hash.
	 *
	 * @throws {ServerError} `busy` if none does and one could not be asked: it could have been that.
	 */
	async having(ask: (server: Server) => Promise<boolean>): Promise<Server | undefined> {
		const asked = this.#servers.map(async (_, index) => {
			const server = this.at(index);
			return (await ask(server)) ? server : undefined;
		});
		const found = asked.map(
			async (answer) => (await answer) ?? (await Promise.reject(new Error()))
		);
		return await Promise.any(found).catch(async () => {
			await Promise.all(asked);
			return undefined;
		});
	}
}
