/**
 * How waiting grows: with the keys of a vault, with the accounts in one database, with clients that
 * ask at once. Each is a curve in docs/performance.md, and the last place where it is still good.
 */
import { removeFolder } from '../../tests/server-process.ts';
import { traveller } from '../../tests/build/traveller.ts';
import type { Person } from '../../tests/server/person.ts';
import { Device } from '../device.ts';
import { median, millisecondsOf, quantile, record, recordCurve } from '../figures.ts';
import { addKeys, keyEdit } from '../keys.ts';
import { commitOne, list, people, signIn, watchedServer } from '../load.ts';
import { wideServer } from '../wide-server.ts';

const KEYS = [100, 1_000, 5_000, 10_000, 20_000];
const ACCOUNTS = [1, 100, 1_000, 3_000, 10_000];
const CLIENTS = [1, 5, 20, 50, 100, 200];
const SAMPLES = 6;
const KEYS_EACH = 100;
const REGISTERED_AT_ONCE = 20;
/** Of making accounts: a slow machine ends its curve earlier. */
const ACCOUNTS_WITHIN_MS = process.env['BENCH_LONG'] === '1' ? 900_000 : 60_000;
/** Of each crowd, at least: what 95 of 100 wait for less than wants a few. */
const ANSWERS = 20;
const ROUNDS_MIN = 2;
/** What a person does not notice as waiting, after Argon2id. */
const GOOD_OPENING_MS = 300;
const GOOD_ANSWER_MS = 200;

type Point = readonly [x: number, ms: number];

interface AnswerCurve {
	readonly name: string;
	readonly act: (person: Person) => Promise<void>;
	readonly points: Point[];
}

await byKeys();
await byAccounts();
await byClients();

async function byKeys(): Promise<void> {
	const server = await wideServer({ LIMIT_ACCOUNT_KEYS: '1000000' });
	const unlocking: Point[] = [];
	const opening: Point[] = [];
	const adding: Point[] = [];
	try {
		const device = new Device(server.origin, 'growth@example.org');
		await device.settle(0);
		let kept = 0;
		// What is run for the first time is not what grows.
		const warming = new Device(server.origin, device.email);
		await warming.unlock();
		await warming.keyholder.signOut();
		for (const keys of KEYS) {
			// Those that are added while it is measured fit in: a vault has an end.
			const most = keys - SAMPLES;
			await addKeys(device.keyholder, most - kept, kept);
			kept = most;
			const { id } = device.vault;
			const own: number[] = [];
			unlocking.push([
				keys,
				await typical(async () => {
					const other = new Device(server.origin, device.email);
					const took = await millisecondsOf(async () => {
						await other.unlock();
						return other.vault.keys.length;
					});
					own.push(performance.now() - other.answeredAt);
					await other.keyholder.signOut();
					return took;
				})
			]);
			opening.push([keys, median(own.slice(1))]);
			const add = () => device.keyholder.save([keyEdit(id, kept++)]);
			adding.push([keys, await typical(() => device.ownTimeOf(add))]);
		}
		await device.keyholder.signOut();
	} finally {
		await server.stop();
		removeFolder(server.folder);
	}
	recordCurve({
		name: 'growth-keys',
		title: 'Keys in one vault',
		x: 'keys',
		good: GOOD_OPENING_MS,
		series: [
			{ name: 'unlocking after Argon2id', points: unlocking },
			{ name: 'of that from the bytes to the list', points: opening },
			{ name: 'adding one, without the server', points: adding }
		]
	});
	recordGood('unlocking', unlocking, GOOD_OPENING_MS, 'keys');
}

async function byAccounts(): Promise<void> {
	const server = await watchedServer();
	const curves = answerCurves();
	const end = performance.now() + ACCOUNTS_WITHIN_MS;
	try {
		let made = 0;
		for (const accounts of ACCOUNTS) {
			made += await register(accounts - 1 - made, end, () => traveller(() => server));
			if (made < accounts - 1) break;
			// Somebody new each time: whoever has committed before has a longer list.
			for (const person of await people(() => server, 1, KEYS_EACH)) {
				made++;
				for (const { act, points } of curves) {
					points.push([accounts, await typical(() => millisecondsOf(() => act(person)))]);
				}
			}
		}
	} finally {
		await server.stop();
		removeFolder(server.folder);
	}
	recordAnswers('Accounts in one database, one client', 'accounts', curves);
}

/** Returns how many were made before `end`. */
async function register(count: number, end: number, newcomer: () => Person): Promise<number> {
	let begun = 0;
	let made = 0;
	await Promise.all(
		Array.from({ length: REGISTERED_AT_ONCE }, async () => {
			while (begun < count && performance.now() < end) {
				begun++;
				const { status } = await newcomer().register();
				if (status !== 200) throw new Error(`register: ${status}`);
				made++;
			}
		})
	);
	return made;
}

async function byClients(): Promise<void> {
	const server = await watchedServer();
	const curves = answerCurves();
	try {
		const crowd = await people(() => server, CLIENTS.at(-1) ?? 0, KEYS_EACH);
		// Commits last: they make the lists longer.
		for (const { act, points } of curves) {
			for (const clients of CLIENTS) {
				points.push([clients, await slowAnswer(crowd.slice(0, clients), act)]);
			}
		}
	} finally {
		await server.stop();
		removeFolder(server.folder);
	}
	recordAnswers('Clients at once, 95 of 100 answers are faster', 'clients', curves);
}

/** What the server is asked for, each with a curve that has no points yet. */
function answerCurves(): AnswerCurve[] {
	return [
		{ name: 'signing in', act: signIn, points: [] },
		{ name: 'a list of 100 keys', act: list, points: [] },
		{ name: 'a commit', act: commitOne, points: [] }
	];
}

function recordAnswers(
	title: string,
	x: 'accounts' | 'clients',
	curves: readonly AnswerCurve[]
): void {
	const series = curves.map(({ name, points }) => ({ name, points }));
	recordCurve({ name: `growth-${x}`, title, x, good: GOOD_ANSWER_MS, series });
	for (const { name, points } of series) recordGood(name, points, GOOD_ANSWER_MS, x);
}

/** Everybody asks again as soon as the answer is there. */
async function slowAnswer(
	crowd: readonly Person[],
	act: (person: Person) => Promise<void>
): Promise<number> {
	const waits: number[] = [];
	const rounds = Math.max(ROUNDS_MIN, Math.ceil(ANSWERS / crowd.length));
	await Promise.all(
		crowd.map(async (person) => {
			for (let round = 0; round < rounds; round++) {
				waits.push(await millisecondsOf(() => act(person)));
			}
		})
	);
	return quantile(waits, 0.95);
}

/** The median; the first one warms up. */
async function typical(turn: () => Promise<number>): Promise<number> {
	const samples: number[] = [];
	for (let sample = 0; sample < SAMPLES; sample++) samples.push(await turn());
	return median(samples.slice(1));
}

/** The last place up to which all are good. */
function recordGood(
	what: string,
	points: readonly Point[],
	limit: number,
	unit: 'keys' | 'accounts' | 'clients'
): void {
	const bad = points.findIndex(([, ms]) => ms > limit);
	const [last = 0] = points[(bad === -1 ? points.length : bad) - 1] ?? [];
	const [most = 0] = points.at(-1) ?? [];
	const heading = `${what}: within ${limit} ms up to, of ${most.toLocaleString('en')} ${unit}`;
	record({ what: heading, unit }, [last]);
}
