/** Many at once: exactly one winner where one is due, honest answers for the others; and a stop in the midst. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommitReply, CommitRequest } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { settled, traveller, UNLIMITED } from '../build/traveller.ts';
import { count, record } from '../figures.ts';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { codeOf, parsed, secret, sheet } from '../server/person.ts';
import { Versions } from './versions.ts';

const CROWD = count(50, 500);
const WRITERS = 10;

let server: ServerProcess;
const variables = () => ({ ...UNLIMITED, LOG_LEVEL: 'error', PORT: String(server.port) });

beforeAll(async () => {
	server = await startServer({ ...UNLIMITED, LOG_LEVEL: 'error' });
	// The first account of a server is a matter of its own.
	await settled(() => server);
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

/** Runs `act` as often as the crowd is large, all at once, and looks meanwhile how long others wait. */
async function atOnce<T>(what: string, act: (n: number) => Promise<T>): Promise<T[]> {
	const crowd = { busy: true };
	const waits: number[] = [];
	const watching = (async () => {
		while (crowd.busy) {
			const began = performance.now();
			await fetch(`${server.origin}/healthz`);
			waits.push(performance.now() - began);
			await wait(10);
		}
	})();
	const results = await Promise.all(Array.from({ length: CROWD }, (_, n) => act(n)));
	crowd.busy = false;
	await watching;
	const longest = Math.ceil(Math.max(...waits));
	record(`${what} at once`, CROWD, `one winner; others waited ${longest} ms at most for /healthz`);
	return results;
}

function counted(results: readonly string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
	return counts;
}

describe('a crowd', () => {
	test('of commits on one head: one is stored, the others are told the new head', async () => {
		const person = await settled(() => server);
		const requests = Array.from({ length: CROWD }, () =>
			person.commitOf({ sheets: [sheet()], secrets: [secret()] })
		);
		const replies = await atOnce('commits on one head', async (n) => {
			const request = requests[n];
			if (request === undefined) throw new Error('no request');
			const path = `/api/v1/vaults/${person.vault}/commits`;
			return await parsed(CommitReply, await person.post(path, z.encode(CommitRequest, request)));
		});
		const outcomes = counted(replies.map(({ outcome }) => outcome));
		expect(outcomes).toEqual({ stored: 1, conflict: CROWD - 1 });
		const winner = requests[replies.findIndex(({ outcome }) => outcome === 'stored')];
		const { manifest, sheets } = await person.getVault();
		expect(manifest).toMatchObject({ seq: 2, blob: winner?.manifest });
		expect(sheets).toEqual(winner?.sheets.map((each) => ({ ...each, revision: 2 })));
		for (const reply of replies) {
			if (reply.outcome === 'conflict') expect(reply.head.manifest).toEqual(manifest);
		}
	});

	test('that registers one email: one account is made', async () => {
		const email = 'everybody@example.org';
		const people = Array.from({ length: CROWD }, () => traveller(() => server, email));
		const codes = await atOnce('registrations of one email', async (n) => {
			const response = await people[n]?.register();
			return response?.status === 200 ? 'registered' : await codeOf(response ?? new Response());
		});
		expect(counted(codes)).toEqual({ registered: 1, taken: CROWD - 1 });
		const winner = people[codes.indexOf('registered')];
		await winner?.signIn();
		expect((await winner?.getAccount())?.account).toBe(winner?.account);
	});

	test('that uses one challenge: it is good once', async () => {
		const person = await settled(() => server);
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const proof = person.signed(challenge, 1);
		const codes = await atOnce('uses of one challenge', async () => {
			const response = await traveller(() => server).verify(proof);
			return response.status === 200 ? 'signed in' : await codeOf(response);
		});
		expect(counted(codes)).toEqual({ 'signed in': 1, auth: CROWD - 1 });
	});

	test('that uses one proof of a request: it is good once', async () => {
		const person = await settled(() => server);
		const path = '/api/v1/account/sessions';
		const headers = await person.proofOf({ purpose: 2 }, 'DELETE', path);
		const statuses = await atOnce('uses of one proof', async () => {
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
		server = await startServer(variables(), server.folder);
		for (const each of writers) expect(await each.expectNothingLost()).toBe('acknowledged');
		expect(writers.some(({ acknowledged }) => acknowledged > 1)).toBe(true);
	});
});
