/**
 * Many at once: exactly one winner where one is due, honest answers for the others, and the server's
 * event loop goes round meanwhile; and a stop in the midst.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommitReply, CommitRequest } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { settled, traveller, UNLIMITED } from '../build/traveller.ts';
import { LONG, record } from '../figures.ts';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { codeOf, parsed, secret, sheet } from '../server/person.ts';
import { Versions } from './versions.ts';

const CROWDS = LONG ? [50, 500] : [50];
const WRITERS = 10;
const METRICS_TOKEN = 'for-the-crowds-only-'.repeat(2);
const VARIABLES = { ...UNLIMITED, LOG_LEVEL: 'error', METRICS_TOKEN };

let server: ServerProcess;

beforeAll(async () => {
	server = await startServer(VARIABLES);
	// The first account of a server is a matter of its own.
	await settled(() => server);
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

/** How late the server's event loop ran at most since the last look, in whole milliseconds. */
async function loopDelay(): Promise<number> {
	const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
	const text = await (await fetch(`${server.origin}/metrics`, { headers })).text();
	const seconds = /event_loop_delay_seconds\{quantile="1"\} (\S+)/.exec(text)?.[1];
	return Math.ceil(Number(seconds) * 1_000);
}

/** Runs `act` as often as the crowd is large, all at once; how late the server was goes into the figures. */
async function atOnce<T>(
	crowd: number,
	what: string,
	act: (n: number) => Promise<T>
): Promise<T[]> {
	await loopDelay();
	const results = await Promise.all(Array.from({ length: crowd }, (_, n) => act(n)));
	const late = await loopDelay();
	expect(late).not.toBeNaN();
	record(
		`${what} at once`,
		crowd,
		`one winner; event loop of the server late by ${late} ms at most`
	);
	return results;
}

function counted(results: readonly string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
	return counts;
}

describe.each(CROWDS)('a crowd of %i', (crowd) => {
	test('of commits on one head: one is stored, the others are told the new head', async () => {
		const person = await settled(() => server);
		const requests = Array.from({ length: crowd }, () =>
			person.commitOf({ sheets: [sheet()], secrets: [secret()] })
		);
		const replies = await atOnce(crowd, 'commits on one head', async (n) => {
			const request = requests[n];
			if (request === undefined) throw new Error('no request');
			const path = `/api/v1/vaults/${person.vault}/commits`;
			return await parsed(CommitReply, await person.post(path, z.encode(CommitRequest, request)));
		});
		const outcomes = counted(replies.map(({ outcome }) => outcome));
		expect(outcomes).toEqual({ stored: 1, conflict: crowd - 1 });
		const winner = requests[replies.findIndex(({ outcome }) => outcome === 'stored')];
		const { manifest, sheets } = await person.getVault();
		expect(manifest).toMatchObject({ seq: 2, blob: winner?.manifest });
		expect(sheets).toEqual(winner?.sheets.map((each) => ({ ...each, revision: 2 })));
		for (const reply of replies) {
			if (reply.outcome === 'conflict') expect(reply.head.manifest).toEqual(manifest);
		}
	});

	test('that registers one email: one account is made', async () => {
		const email = `everybody-of-${crowd}@example.org`;
		const people = Array.from({ length: crowd }, () => traveller(() => server, email));
		const codes = await atOnce(crowd, 'registrations of one email', async (n) => {
			const response = await people[n]?.register();
			return response?.status === 200 ? 'registered' : await codeOf(response ?? new Response());
		});
		expect(counted(codes)).toEqual({ registered: 1, taken: crowd - 1 });
		const winner = people[codes.indexOf('registered')];
		await winner?.signIn();
		expect((await winner?.getAccount())?.account).toBe(winner?.account);
	});

	test('that uses one challenge: it is good once', async () => {
		const person = await settled(() => server);
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const proof = person.signed(challenge, 1);
		const codes = await atOnce(crowd, 'uses of one challenge', async () => {
			const response = await traveller(() => server).verify(proof);
			return response.status === 200 ? 'signed in' : await codeOf(response);
		});
		expect(counted(codes)).toEqual({ 'signed in': 1, auth: crowd - 1 });
	});

	test('that uses one proof of a request: it is good once', async () => {
		const person = await settled(() => server);
		const path = '/api/v1/account/sessions';
		const headers = await person.proofOf({ purpose: 2 }, 'DELETE', path);
		const statuses = await atOnce(crowd, 'uses of one proof', async () => {
			const { status } = await person.send(path, { method: 'DELETE', headers });
			return status < 300 ? 'done' : 'refused';
		});
		expect(counted(statuses)['done']).toBe(1);
	});
});

describe('a stop while people write', () => {
	test('finishes what is in flight, and loses nothing that it acknowledged', async () => {
		const writers: Versions[] = [];
		for (let n = 0; n < WRITERS; n++) writers.push(new Versions(await settled(() => server)));
		const work = writers.map((each) => each.writeUntilCut());
		await wait(100);
		expect(await server.stop()).toBe(0);
		await Promise.all(work);
		server = await startServer({ ...VARIABLES, PORT: String(server.port) }, server.folder);
		for (const each of writers) expect(await each.expectNothingLost()).toBe('acknowledged');
		expect(writers.some(({ acknowledged }) => acknowledged > 1)).toBe(true);
	});
});
