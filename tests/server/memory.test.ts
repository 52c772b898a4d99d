/** Memory: what one account can make the server hold, however many requests it leaves hanging. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { COMMIT_BODY_BYTES, SHEET_MAX_BYTES } from '#lib/api/limits.ts';
import { CommitRequest } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { Host } from './host.ts';
import { codeOf, newId, random, sheet, someone, type Person } from './person.ts';

// Vaults of many megabytes are written to disk here: what counts is who is refused, not when.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let host: Host;

beforeAll(async () => {
	host = await Host.open();
});

afterAll(async () => {
	await host.remove();
});

describe('an account that reads its whole vault again and again, and never takes the answer', () => {
	let person: Person;
	let hanging: Response[];

	/** Reads until one is refused; answers of 200 hang. */
	async function readUntilRefused(read: () => Promise<Response>): Promise<Response> {
		for (;;) {
			const response = await read();
			if (response.status === 503) return response;
			hanging.push(response);
			if (hanging.length > 12) throw new Error('twelve answers of 14 MB hang');
		}
	}

	async function letGo(): Promise<void> {
		for (const { body } of hanging.splice(0)) await body?.cancel();
	}

	beforeAll(async () => {
		hanging = [];
		person = await someone(host);
		const blob = random(SHEET_MAX_BYTES);
		const sheets = Array.from({ length: 46 }, () => ({ id: newId(), blob }));
		await person.commit(person.commitOf({ sheets }));
	});

	test('is refused as busy, and told when to come back', async () => {
		const refused = await readUntilRefused(() => person.send(`/api/v1/vaults/${person.vault}`));
		expect(await codeOf(refused)).toBe('busy');
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
		await letGo();
	});

	test('keeps nobody else from reading', async () => {
		await readUntilRefused(() => person.send(`/api/v1/vaults/${person.vault}`));
		expect((await (await someone(host)).getVault()).sheets).toHaveLength(0);
		await letGo();
	});

	test('is answered again once it has taken or left what was sent', async () => {
		await readUntilRefused(() => person.send(`/api/v1/vaults/${person.vault}`));
		await letGo();
		expect((await person.getVault()).sheets).toHaveLength(46);
	});

	test('is cut off where a sheet of it was changed in the database, and the log says so', async () => {
		const last = 'select max(rowid) from sheets';
		const change = (by: string) =>
			host.sql(`update sheets set blob = ${by} where rowid = (${last})`);
		const [row] = await host.sql(`select quote(blob) as text from sheets where rowid = (${last})`);
		const text = row?.['text'];
		if (typeof text !== 'string') throw new Error('no sheet');
		await change('zeroblob(length(blob))');
		const response = await person.send(`/api/v1/vaults/${person.vault}`);
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow('does not open');
		expect(host.lines.filter((line) => line.includes('WrapError'))).toHaveLength(1);
		await change(text);
		expect((await person.getVault()).sheets).toHaveLength(46);
	});

	test('gets no further with commits that must lose', async () => {
		const lost = z.encode(CommitRequest, {
			...person.commitOf(),
			expected: { seq: 1, head: random(32) }
		});
		const path = `/api/v1/vaults/${person.vault}/commits`;
		const refused = await readUntilRefused(() => person.post(path, lost));
		expect(await codeOf(refused)).toBe('busy');
		await letGo();
	});
});

describe('a vault', () => {
	test('takes no sheet that would make it larger than a list answer can be', async () => {
		const person = await someone(host);
		const fill = (bytes: number) =>
			host.sql('insert into sheets values (?, ?, ?, 1, zeroblob(?))', [
				person.account,
				person.vault,
				newId(),
				bytes
			]);
		await fill(90 * 1024 * 1024 - 6_000);
		expect((await person.commit(person.commitOf({ sheets: [sheet()] }))).outcome).toBe('stored');
		await expect(person.commit(person.commitOf({ sheets: [sheet()] }))).rejects.toThrow('413');
	});
});

describe('an account whose commits stop halfway', () => {
	/** A body of which all comes but the last piece. */
	function stalled() {
		const piece = new Uint8Array(64 * 1024).fill(0x20);
		let pulls = 0;
		let end = () => {};
		let reached = () => {};
		const halfway = new Promise<void>((resolve) => {
			reached = resolve;
		});
		const body = new ReadableStream<Uint8Array>(
			{
				start: (controller) => {
					end = () => {
						controller.error(new Error('aborted'));
					};
				},
				pull: (controller) => {
					if (++pulls < COMMIT_BODY_BYTES / piece.length) {
						controller.enqueue(piece);
						return;
					}
					reached();
					return new Promise(() => {});
				}
			},
			{ highWaterMark: 0 }
		);
		return {
			body,
			end: () => {
				end();
			},
			halfway
		};
	}

	function send(person: Person, body: string | ReadableStream<Uint8Array>) {
		return person.send(`/api/v1/vaults/${person.vault}/commits`, {
			method: 'POST',
			body,
			headers: { 'content-type': 'application/json' }
		});
	}

	test('is refused the third of them, and keeps nobody else from committing', async () => {
		const [person, other] = [await someone(host), await someone(host)];
		const bodies = [stalled(), stalled()];
		const hanging = bodies.map(({ body }) => send(person, body));
		for (const { halfway } of bodies) await halfway;
		const third = await send(person, ' '.repeat(1024 * 1024));
		expect(await codeOf(third)).toBe('busy');
		expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
		expect((await other.commit(other.commitOf({ sheets: [sheet()] }))).outcome).toBe('stored');
		for (const { end } of bodies) end();
		for (const response of await Promise.all(hanging)) expect(response.status).toBe(400);
		expect((await person.commit(person.commitOf())).outcome).toBe('stored');
	});
});
