/**
 * What the real server does in a second for 1, 20 and 200 clients, which run on the same machine: lists
 * of 10,000 keys, commits, challenges and sign-ins; how late its event loop runs meanwhile; its memory;
 * and what is left of acknowledged commits when it is killed in the midst of them.
 */
import { removeFolder } from '../../tests/server-process.ts';
import type { Person } from '../../tests/server/person.ts';
import { inTurns, record, recordBeside } from '../figures.ts';
import {
	challenge,
	commitOne,
	floorPerSecond,
	forgetPeak,
	list,
	loopDelay,
	memoryOf,
	people,
	ratePerSecond,
	refusals,
	signIn,
	watchedServer
} from '../load.ts';

const CROWDS = [1, 20, 200];
const ROUNDS = 5;
const SECONDS = 0.7;
const KEYS = 100;
const LISTED_KEYS = 10_000;
/** One account alone may have no more than its share of all answers in flight. */
const READERS = 10;
/** Each client does a bit of everything so often, for the peak of memory. */
const VISITS = 4;
const WRITERS = 20;
const KILLED_AFTER_MS = 1_000;

let server = await watchedServer();
const here = () => server;
try {
	const [, , most = 0] = CROWDS;
	const crowd = await people(here, most, KEYS);
	await step('memory', () => measureMemory(crowd));
	// People of their own: what they wrote last may be in without their knowing.
	await step('loss', async () => {
		await measureLoss(await people(here, WRITERS, KEYS));
	});
	const readers = await people(here, READERS, LISTED_KEYS);
	for (const clients of CROWDS) {
		const some = crowd.slice(0, clients);
		await step(`writes, ${clients}`, () => measureWrites(some));
		await step(`door, ${clients}`, () => measureDoor(some));
		await step(`lists, ${clients}`, () => measureLists(readers, clients));
	}
} finally {
	await server.stop();
	removeFolder(server.folder);
}

/** One that fails is told of, and the others go on. */
async function step(name: string, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		console.error(`${name}:`, error);
		process.exitCode = 1;
	}
}

async function measureMemory(crowd: readonly Person[]): Promise<void> {
	await Promise.all(
		crowd.map(async (person) => {
			for (let visit = 0; visit < VISITS; visit++) {
				await signIn(person);
				await list(person);
				await commitOne(person);
			}
		})
	);
	const what = `peak memory, ${crowd.length} clients with vaults of ${KEYS} keys`;
	record({ what, unit: 'MB', goal: { atMost: 250 } }, [memoryOf(server, 'VmHWM')]);
}

async function measureWrites(crowd: readonly Person[]): Promise<void> {
	await loopDelay(server);
	const { commits, floor } = await inTurns(ROUNDS, {
		commits: () => ratePerSecond(crowd, commitOne, SECONDS),
		floor: () => Promise.resolve(floorPerSecond(server.folder, SECONDS))
	});
	recordBeside(
		{ what: `commits, ${clientsText(crowd.length)}`, unit: 'per s', goal: { atLeast: 0.25 } },
		commits,
		'append and fdatasync',
		floor
	);
	await recordDelay('commits', crowd.length);
}

async function measureDoor(crowd: readonly Person[]): Promise<void> {
	const acts = { challenges: challenge, 'sign-ins': signIn };
	for (const [name, act] of Object.entries(acts)) {
		await loopDelay(server);
		const { rate } = await inTurns(ROUNDS, { rate: () => ratePerSecond(crowd, act, SECONDS) });
		record({ what: `${name}, ${clientsText(crowd.length)}`, unit: 'per s' }, rate);
		await recordDelay(name, crowd.length);
	}
}

/** All ask at once; a crowd is asked once, because that takes its time. */
async function measureLists(readers: readonly Person[], clients: number): Promise<void> {
	await loopDelay(server);
	refusals();
	forgetPeak(server);
	const before = memoryOf(server, 'VmRSS');
	const askers = Array.from({ length: Math.ceil(clients / READERS) }, () => readers).flat();
	const { rate } = await inTurns(clients < 100 ? ROUNDS : 1, {
		rate: () => ratePerSecond(askers.slice(0, clients), list, 0)
	});
	const what = `lists of ${LISTED_KEYS.toLocaleString('en')} keys, ${clientsText(clients)}`;
	record({ what, unit: 'per s' }, rate);
	await recordDelay('lists', clients);
	const busy = `of these lists, told to come again later, ${clientsText(clients)}`;
	record({ what: busy, unit: 'lists' }, [refusals()]);
	const rest = `memory before these lists, ${clientsText(clients)}`;
	record({ what: rest, unit: 'MB' }, [before]);
	const peak = `peak memory during these lists, ${clientsText(clients)}`;
	record({ what: peak, unit: 'MB' }, [memoryOf(server, 'VmHWM')]);
}

/** Everybody writes until the server is killed; then it has all that it said yes to. */
async function measureLoss(crowd: readonly Person[]): Promise<void> {
	const writing = crowd.map(async (person) => {
		for (;;) await commitOne(person);
	});
	const cut = Promise.allSettled(writing);
	await new Promise((resolve) => setTimeout(resolve, KILLED_AFTER_MS));
	server.child.kill('SIGKILL');
	await server.ended;
	await cut;
	server = await watchedServer(server);
	const lost = await Promise.all(
		crowd.map(async (person) => {
			await person.signIn();
			return Math.max(0, person.seq - (await person.getVault()).manifest.seq);
		})
	);
	const written = crowd.reduce((sum, { seq }) => sum + seq - 1, 0).toLocaleString('en');
	const what = `acknowledged commits lost by kill -9, of ${written}`;
	const all = lost.reduce((sum, one) => sum + one, 0);
	record({ what, unit: 'commits', goal: { atMost: 0 } }, [all]);
}

async function recordDelay(what: string, clients: number): Promise<void> {
	const heading = `event loop late by, 99 of 100 turns: ${what}, ${clientsText(clients)}`;
	record({ what: heading, unit: 'ms' }, [await loopDelay(server)]);
}

function clientsText(count: number): string {
	return count === 1 ? '1 client' : `${count} clients`;
}
