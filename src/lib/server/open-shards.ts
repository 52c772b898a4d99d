/**
 * One process on several databases that accounts are divided among. One of them that is away hurts
 * its own accounts and nobody else, also where it is away while the process starts: the others are
 * served, and it is opened as soon as it answers. Whatever else is wrong with one is for somebody to
 * mend, so the process does not start.
 */
import { isAway } from '#lib/server/db/faults.ts';
import { envsOf, type Env } from '#lib/server/env.ts';
import { AwayError, StartError } from '#lib/server/errors.ts';
import { errorFields, type Log } from '#lib/server/log.ts';
import type { Server } from '#lib/server/server.ts';
import type { Shards } from '#lib/server/shards.ts';

const RETRY_MS = 5_000;

/** What it takes to open one of them. */
interface Opening {
	readonly shards: Shards;
	readonly log: Log;
	readonly open: (env: Env) => Promise<Server>;
	/** Whether it may still be put to work when it is open. */
	readonly isWanted: () => boolean;
	/** Why each that is not open is not, as the log was told: it is told once, and of each change. */
	readonly told: Map<number, string>;
}

/**
 * @returns the first that is open, as that which answers for all of them.
 * @throws {StartError} if one of them is not as it must be, or all are away.
 */
export async function openShards(
	env: Env,
	given: Pick<Opening, 'shards' | 'log' | 'open'>
): Promise<Server> {
	let ended = false;
	const opening = { ...given, isWanted: () => !ended, told: new Map<number, string>() };
	const { shards } = opening;
	const envs = envsOf(env);
	const faults = await Promise.all(envs.map((each, index) => tryOne(each, index, opening)));
	const [first] = shards.open();
	const fault = faults.find((each) => each !== undefined && !(each instanceof AwayError));
	if (first === undefined || fault !== undefined) {
		await closeAll(shards);
		throw fault ?? faults[0] ?? new StartError('there is no database');
	}
	const end = openLater(envs, opening);
	return {
		...first,
		ready: () => isAnyReady(shards),
		close: async () => {
			ended = true;
			await end();
			await closeAll(shards);
		}
	};
}

/** @returns why it could not be opened. {@link openLater} tries again, whatever it was. */
async function tryOne(env: Env, index: number, opening: Opening): Promise<StartError | undefined> {
	const { shards, log, open, isWanted, told } = opening;
	const which = `database ${index + 1} of ${shards.count}`;
	try {
		const server = await open(env);
		if (isWanted()) shards.put(index, server);
		else await server.close();
		if (told.delete(index)) log.write('warn', 'a database is open now', { reason: which });
		return undefined;
	} catch (error) {
		const reason = `${which}: ${sentenceOf(error)}`;
		if (told.get(index) !== reason) {
			log.write('error', 'a database could not be opened', { ...errorFields(error), reason });
		}
		told.set(index, reason);
		return isAway(error) ? new AwayError(reason) : new StartError(reason);
	}
}

/** Of an error that is not ours only the kind is told: a message of the database may quote a row. */
function sentenceOf(error: unknown): string {
	if (error instanceof StartError) return error.message.replace(/^DATABASE_[A-Z]+: /, '');
	if (isAway(error)) return 'it went away while it was opened';
	return `opening it failed (${errorFields(error).error ?? 'unknown'}): the log says where`;
}

/** Tries those that are away again and again. @returns what ends that. */
function openLater(envs: readonly Env[], opening: Opening): () => Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	let trying = Promise.resolve();
	const again = () => {
		const away = envs.filter((_, index) => !opening.shards.has(index));
		if (!opening.isWanted() || away.length === 0) return;
		timer = setTimeout(() => {
			trying = Promise.all(away.map((env) => tryOne(env, envs.indexOf(env), opening))).then(again);
		}, RETRY_MS).unref();
	};
	again();
	return async () => {
		clearTimeout(timer);
		await trying;
	};
}

/** The others are to be asked where one is not: whoever sends requests here would leave out all. */
async function isAnyReady(shards: Shards): Promise<boolean> {
	const asked = shards.open().map(async (server) => {
		if (!(await server.ready())) throw new StartError('not ready');
	});
	return await Promise.any(asked).then(
		() => true,
		() => false
	);
}

async function closeAll(shards: Shards): Promise<void> {
	await Promise.all(shards.open().map((server) => server.close()));
}
