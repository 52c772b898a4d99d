/**
 * The running server: everything that its functions need, handed to them as their first argument.
 * There is no module-level instance, so tests run as many as they like.
 */
import { forgetCopies } from '#lib/server/admin/copies.ts';
import { openDoor } from '#lib/server/admin/socket.ts';
import { openDecoy, type Decoy } from '#lib/server/auth/decoy.ts';
import { Sessions } from '#lib/server/auth/sessions.ts';
import { ANSWERS, BODIES, Budget } from '#lib/server/budget.ts';
import type { Database } from '#lib/server/db/database.ts';
import { watchFiles } from '#lib/server/db/files.ts';
import { guardOf } from '#lib/server/db/guard.ts';
import { lockProcess, type ProcessLock } from '#lib/server/db/lock.ts';
import { newestMigration } from '#lib/server/db/migrate.ts';
import { openDatabase, openReplica } from '#lib/server/db/open.ts';
import type { Replica } from '#lib/server/db/replica.ts';
import { deviceOf } from '#lib/server/device.ts';
import { envsOf, hidesNetworks, type Env } from '#lib/server/env.ts';
import { StartError } from '#lib/server/errors.ts';
import { Limits } from '#lib/server/limits.ts';
import { errorFields, type Log } from '#lib/server/log.ts';
import { Metrics } from '#lib/server/metrics.ts';
import { openShards } from '#lib/server/open-shards.ts';
import { Readiness } from '#lib/server/readiness.ts';
import { openDecoyRegistration, type Waiting } from '#lib/server/registrations.ts';
import { needsSetupCode, setupCodeOf } from '#lib/server/setup-code.ts';
import { Shards } from '#lib/server/shards.ts';
import { startTasks } from '#lib/server/tasks.ts';
import { admitKeys, keyName } from '#lib/server/wrap/encryption-keys.ts';
import { openServerKeys, type ServerKeys } from '#lib/server/wrap/server-keys.ts';
import { WrapError, Wrapper } from '#lib/server/wrap/wrapper.ts';

/** As long as writes into a deleted file can go unnoticed. */
const WATCH_EVERY_MS = 2_000;

export interface Server {
	readonly env: Env;
	readonly log: Log;
	readonly database: Database;
	/** All of them that accounts are divided among: this one, unless there are several. */
	readonly shards: Shards;
	readonly replica: Replica | undefined;
	readonly wrapper: Wrapper;
	readonly keys: ServerKeys;
	readonly sessions: Sessions;
	readonly limits: Limits;
	/** Memory of large request bodies, and of answers that are not sent yet. */
	readonly bodies: Budget;
	readonly answers: Budget;
	readonly metrics: Metrics;
	readonly decoy: Decoy;
	readonly decoyRegistration: Waiting;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** What the request that is being answered says that it comes from; see {@link asAskedBy}. */
	readonly device?: string;
	/** Whether it can serve: the lock is held, the files are there and the database takes writes. */
	ready(): Promise<boolean>;
	/** Finishes the writes that were asked for and gives the file back. */
	close(): Promise<void>;
}

export interface Ports {
	readonly log: Log;
	readonly now: () => number;
	/** Ends the process at once; called when going on could lose writes. */
	readonly exit: () => void;
	/** Others run on the database of a libSQL server: it must be there, and as this version made it. */
	readonly asGuest?: true;
	/** How long a call of a libSQL server may take, where that is not for the lanes to say. */
	readonly deadlineMs?: number;
}

/** What servers of several databases in one process have together. */
type Common = Pick<Server, 'shards' | 'bodies' | 'answers' | 'metrics'>;

/**
 * Opens the server and sets it to work: what it does by itself, and what the host asks of it.
 *
 * @throws {StartError} with the one sentence that says what is wrong.
 */
export async function startServer(env: Env, ports: Ports): Promise<Server> {
	if (hidesNetworks(env)) {
		ports.log.write('warn', 'no ADDRESS_HEADER: all visitors are one network');
	}
	const server = await openServer(env, ports);
	try {
		await sayTheSetupCode(server);
		const closeDoor = await openDoor(server);
		const ends: (() => void)[] = [];
		server.shards.withEach((each) => ends.push(startTasks(each)));
		const close = async () => {
			for (const end of ends) end();
			await closeDoor();
			await server.close();
		};
		return { ...server, close };
	} catch (error) {
		await server.close();
		throw error;
	}
}

/** The same server, as one request sees it: what it does is noted with the device that asked. */
export function asAskedBy(server: Server, headers: Headers): Server {
	return { ...server, device: deviceOf(headers) };
}

/**
 * Locks, opens, migrates and checks the database, in this order, and does nothing by itself.
 *
 * @throws {StartError} with the one sentence that says what is wrong.
 */
export async function openServer(env: Env, ports: Ports): Promise<Server> {
	const common = {
		shards: new Shards(envsOf(env).length),
		bodies: new Budget(BODIES),
		answers: new Budget(ANSWERS),
		metrics: new Metrics(env.metricsToken !== undefined)
	};
	const { metrics } = common;
	try {
		const server = await openAll(env, ports, common);
		const close = async () => {
			metrics.close();
			await server.close();
		};
		return { ...server, close };
	} catch (error) {
		metrics.close();
		throw error;
	}
}

async function openAll(env: Env, ports: Ports, common: Common): Promise<Server> {
	const { shards } = common;
	const open = (each: Env) => openOne(each, ports, common);
	if (shards.several) return await openShards(env, { shards, open, log: ports.log });
	const server = await open(env);
	shards.put(0, server);
	return server;
}

async function openOne(env: Env, ports: Ports, common: Common): Promise<Server> {
	const lock = await lockProcess(env.databaseUrl);
	try {
		return await openLocked(env, { ...ports, ...common }, lock);
	} catch (error) {
		lock.release();
		if (error instanceof WrapError)
			throw new StartError(`the database was changed: ${error.message}`);
		throw error;
	}
}

async function openLocked(env: Env, ports: Ports & Common, lock: ProcessLock): Promise<Server> {
	const { log, now, shards, bodies, answers, metrics } = ports;
	forgetCopies(env);
	const onUnsafe = (error: unknown) => {
		const reason = error instanceof StartError ? { reason: error.message } : {};
		log.write('fatal', 'the database is not safe', { ...errorFields(error), ...reason });
		ports.exit();
	};
	const database = await openDatabase(env, ports, onUnsafe);
	try {
		const wrapper = new Wrapper(env.encryptionKeys, now, env.shard);
		const asGuest = database.shared && ports.asGuest === true;
		const { shard } = env;
		const idle = await admitKeys(database, env.encryptionKeys, now(), { asGuest, shard });
		for (const key of idle)
			log.write('warn', 'this encryption key does nothing: not first', { key });
		if (database.shared) database.guardWrites(guardOf(newestOf(env)));
		const keys = await openServerKeys(database, wrapper);
		const sessions = new Sessions(database, wrapper, shard);
		const limits = new Limits(database, keys, env.limits, now);
		const decoy = openDecoy(wrapper);
		const decoyRegistration = openDecoyRegistration(wrapper);
		const parts = {
			env,
			log,
			database,
			shards,
			replica: openReplica(env),
			wrapper,
			keys,
			sessions,
			limits,
			bodies,
			answers,
			metrics,
			decoy,
			decoyRegistration,
			now
		};
		return running(parts, lock);
	} catch (error) {
		await database.close();
		throw error;
	}
}

/** What other processes on the same database must not have gone beyond. */
function newestOf({ encryptionKeys: [first] }: Env): { key: string; migration: number } {
	return { key: first === undefined ? '' : keyName(first), migration: newestMigration() };
}

async function sayTheSetupCode(server: Server): Promise<void> {
	const needed = needsSetupCode(server);
	// Of several databases one may be away: it is not known then.
	if (!(await (server.shards.several ? needed.catch(() => false) : needed))) return;
	const setupCode = setupCodeOf(server);
	server.log.write('warn', 'the first account needs this set-up code', { setupCode });
}

function running(parts: Omit<Server, 'ready' | 'close'>, lock: ProcessLock): Server {
	const { env, database, replica, now } = parts;
	const filesAreThere = watchFiles(env.databaseUrl);
	const watch = () => {
		if (!filesAreThere()) database.giveUp(new StartError('the database file is gone'));
	};
	const readiness = new Readiness(async () => {
		watch();
		return lock.held && (await database.takesWrites());
	}, now);
	const watching = setInterval(watch, WATCH_EVERY_MS).unref();
	return {
		...parts,
		ready: () => readiness.ready(),
		close: async () => {
			clearInterval(watching);
			await database.close();
			replica?.close();
			lock.release();
		}
	};
}
