/**
 * The canary against the real server: its log, its database, the write-ahead log beside it and
 * everything else in its directory, while it runs and after it stopped, hold no mark in any form.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Host } from '../server/host.ts';
import { browserOf } from '../server/browser-of.ts';
import { EMAIL, journey, type Journey } from './journey.ts';
import { found, needlesOf } from './needles.ts';

/** Every file of the host's directory, by name. */
function filesOf(host: Host): Map<string, Buffer> {
	const names = readdirSync(host.directory, { recursive: true, withFileTypes: true });
	const files = names.filter((entry) => entry.isFile());
	return new Map(
		files.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name))])
	);
}

describe('after everything that a person does', () => {
	let host: Host;
	let made: Journey;
	let running: Map<string, Buffer>;
	let stopped: Map<string, Buffer>;

	beforeAll(async () => {
		host = await Host.open();
		made = await journey(browserOf(host), () => Date.now());
		running = filesOf(host);
		await host.stop();
		stopped = filesOf(host);
	}, 120_000);

	afterAll(async () => {
		await host.remove();
	});

	test('no file of the running server holds a mark, its write-ahead log included', () => {
		expect([...running.keys()]).toContain('keyhold.db-wal');
		for (const [name, bytes] of running) expect(found(bytes, made.needles), name).toEqual([]);
	});

	test('no file of the stopped server holds a mark', () => {
		expect([...stopped.keys()]).toContain('keyhold.db');
		for (const [name, bytes] of stopped) expect(found(bytes, made.needles), name).toEqual([]);
	});

	test('no line of its log holds a mark', () => {
		expect(host.lines.length).toBeGreaterThan(0);
		expect(found(host.lines.join('\n'), made.needles)).toEqual([]);
	});

	test('nothing that was sent or answered holds a mark', () => {
		expect(found(made.device.wire.sent(), made.needles)).toEqual([]);
		expect(found(made.device.wire.received(), made.needles)).toEqual([]);
	});

	test('not even the email stands in a file or in the log', () => {
		const email = needlesOf('email', EMAIL);
		for (const [name, bytes] of [...running, ...stopped]) {
			expect(found(bytes, email), name).toEqual([]);
		}
		expect(found(host.lines.join('\n'), email)).toEqual([]);
	});
});
