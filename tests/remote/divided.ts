/**
 * Four databases that accounts are divided among: three namespaces of one libSQL server and one, the
 * last unless another is said, of another server, each behind a door of its own.
 */
import { eq } from 'drizzle-orm';
import { utf8 } from '#lib/encoding/bytes.ts';
import { accounts } from '#lib/server/db/schema.ts';
import { shardOf } from '#lib/server/db/shard.ts';
import type { Server } from '#lib/server/server.ts';
import { Host } from '../server/host.ts';
import { newId } from '../server/material.ts';
import type { Person } from '../server/person.ts';
import { Door, Sqld } from '../sqld/server.ts';

export const SHARDS = 4;
/** Of whoever is in the last one, alone on its server. */
export const LAST = SHARDS - 1;

export class Divided {
	readonly #hosts: Host[] = [];

	private constructor(
		readonly most: Sqld,
		readonly last: Sqld,
		readonly doors: readonly Door[],
		readonly urls: readonly string[]
	) {}

	static async open(alone = LAST): Promise<Divided> {
		const [most, last] = [await Sqld.primary(), await Sqld.primary()];
		const doors: Door[] = [];
		const urls: string[] = [];
		for (let index = 0; index < SHARDS; index++) {
			const sqld = index === alone ? last : most;
			await sqld.makeNamespace(`shard${index}`);
			const door = await Door.to(sqld);
			doors.push(door);
			urls.push(door.url(`shard${index}`));
		}
		return new Divided(most, last, doors, urls);
	}

	/** Another process on all of them. */
	async host(
		variables: Readonly<Record<string, string>> = {},
		urls: readonly string[] = this.urls
	): Promise<Host> {
		const host = await Host.open({
			...variables,
			DATABASE_URL: '',
			DATABASE_SHARDS: urls.join(',')
		});
		this.#hosts.push(host);
		return host;
	}

	async remove(): Promise<void> {
		for (const host of this.#hosts) await host.remove();
		for (const door of this.doors) door.close();
		for (const sqld of [this.most, this.last]) await sqld.remove();
	}
}

/** A new address that belongs to the database of that index by its hash. */
export function emailIn(index: number): string {
	for (;;) {
		const email = `${newId().toLowerCase()}@example.org`;
		if (shardOf(utf8(email), SHARDS) === index) return email;
	}
}

/** The indexes of the databases that have an account of that id. */
export async function homesOf(
	{ server }: Host,
	{ account }: Pick<Person, 'account'>
): Promise<number[]> {
	return await foundIn(server, ({ database: { orm } }) =>
		orm.select().from(accounts).where(eq(accounts.id, account))
	);
}

/** The indexes of the databases in which a query finds something. */
export async function foundIn(
	{ shards }: Server,
	ask: (server: Server) => Promise<readonly unknown[]>
): Promise<number[]> {
	const rows = await Promise.all(shards.all().map(ask));
	return rows.flatMap(({ length }, index) => (length > 0 ? [index] : []));
}
