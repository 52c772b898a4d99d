/**
 * One process on several databases that accounts are divided among. One of them that is away hurts
 * its own accounts and nobody else, also where it is away while the process starts: the others are
 * served, and it is opened as soon as it answers.
 */
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
}

/**
 * @returns the first that is open, as that which answers for all of them.
 * @throws {StartError} if one of them is not as it must be, or all are away.
 */
export async function openSeveral(env: Env, given: Omit<Opening, 'isWanted'>): Promise<Server> {
	let ended = false;
	const opening = { ...given, isWanted: () => !ended };
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
async function tryOne(
	env: Env,
	index: number,
	{ shards, log, open, isWanted }: Opening
): Promise<StartError | undefined> {
	try {
		const server = await open(env);
		if (isWanted()) shards.put(index, server);
		else await server.close();
		return undefined;
	} catch (error) {
		const which = `database ${index + 1} of ${shards.count}`;
		const known = error instanceof StartError;
		const message = known ? error.message.replace(/^DATABASE_[A-Z]+: /, '') : 'it failed meanwhile';
		const reason = `${which}: ${message}`;
		log.write('error', 'a database could not be opened', { ...errorFields(error), reason });
		return known && !(error instanceof AwayError) ? new StartError(reason) : new AwayError(reason);
	}
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
