/** H09: a server that sends records which are not of this version, or hardly records at all. */
import { describe, expect, test } from 'vitest';
import type { KeyholderErrorCode } from '#lib/keyholder/errors.ts';
import { World, type Device } from './harness.ts';
import { changing, vaultPath, type Members } from './moves.ts';

function bytes(text: unknown): Buffer {
	return Buffer.from(String(text), 'base64url');
}

/** What may become of a sealed record, and how it is refused. */
const RECORDS: [string, (blob: unknown) => unknown, KeyholderErrorCode][] = [
	['of suite 0', (blob) => suite(blob, 0), 'unsupported'],
	['of suite 2', (blob) => suite(blob, 2), 'unsupported'],
	['of suite 255', (blob) => suite(blob, 255), 'unsupported'],
	['cut to a byte', (blob) => bytes(blob).subarray(0, 1).toString('base64url'), 'format'],
	['empty', () => '', 'format'],
	['null', () => null, 'format'],
	['missing', () => undefined, 'format'],
	['a number', () => 7, 'format'],
	['an object', () => ({ ct: 'x', iv: 'y' }), 'format'],
	['text of another product', () => '2.iv|ct|mac', 'format'],
	['padded base64', (blob) => `${String(blob)}==`, 'format'],
	['longer by a zero', (blob) => longer(blob), 'integrity']
];

function suite(blob: unknown, value: number): string {
	return Buffer.concat([Buffer.of(value), bytes(blob).subarray(1)]).toString('base64url');
}

function longer(blob: unknown): string {
	return Buffer.concat([bytes(blob), Buffer.of(0)]).toString('base64url');
}

/** Where sealed records are served, and how to put another in their place. */
const PLACES: [
	string,
	(world: World) => string,
	(json: Members, change: (blob: unknown) => unknown) => unknown
][] = [
	['an account manifest', () => '/account', (json, change) => within(json, 'manifest', change)],
	['a vault manifest', vaultPath, (json, change) => within(json, 'manifest', change)],
	[
		'settings',
		() => '/account',
		(json, change) => ({ ...json, settings: change(json['settings']) })
	],
	['a sheet', vaultPath, (json, change) => each(json, 'sheets', 'blob', change)],
	['a vault key', () => '/account', (json, change) => each(json, 'vaults', 'keyWrap', change)],
	[
		'a secret',
		(world) => `${vaultPath(world)}/secrets`,
		(json, change) => each(json, 'secrets', 'blob', change)
	]
];

function within(json: Members, name: string, change: (blob: unknown) => unknown): Members {
	const record = json[name] as Members;
	return { ...json, [name]: { ...record, blob: change(record['blob']) } };
}

function each(
	json: Members,
	list: string,
	name: string,
	change: (blob: unknown) => unknown
): Members {
	const records = json[list] as Members[];
	return {
		...json,
		[list]: records.map((record) => ({ ...record, [name]: change(record[name]) }))
	};
}

function commits({ wire }: Device): number {
	return wire.requests().filter((request) => request.endsWith('/commits')).length;
}

describe.each(PLACES)('a server that sends %s', (place, path, put) => {
	test.each(RECORDS)(
		'%s: refused, not skipped, and none is made instead',
		async (form, change, code) => {
			const world = new World();
			const device = await world.account(['a']);
			const secret = place === 'a secret';
			if (!secret) {
				device.keyholder.lock();
				world.server.endSessions();
			}
			device.wire.tamper = changing(path(world), (json) => put(json, change));
			// Settings alone may be missing on the wire; then the manifest says that they should be there.
			const optional = place === 'settings' && form === 'missing';
			// Lengths that are fixed, or bounded so closely, are refused before they are looked into.
			const fixed = place === 'a vault key' && form === 'longer by a zero';
			const expected = optional ? 'integrity' : fixed ? 'format' : by(place, code);
			const written = commits(device);
			await world.refused(device, expected, () => (secret ? device.valueOf('a') : device.unlock()));
			expect(commits(device)).toBe(written);
		}
	);
});

/** What is listed by its hash is compared with that first. */
function by(place: string, code: KeyholderErrorCode): KeyholderErrorCode {
	const hashed =
		place === 'settings' || place === 'a sheet' || place === 'a vault key' || place === 'a secret';
	return hashed && code === 'unsupported' ? 'integrity' : code;
}

describe('a server that sends a slot wrap', () => {
	test.each(RECORDS.filter(([, , code]) => code !== 'integrity'))(
		'%s: refused',
		async (_, change, code) => {
			const world = new World();
			const device = await world.knownDevice(['a']);
			device.wire.tamper = changing('/auth/verify', (json) => ({
				...json,
				wrap: change(json['wrap'])
			}));
			const judgedLater = code === 'unsupported' ? 1 : 0;
			await world.refused(device, code, () => device.unlock(), judgedLater);
		}
	);
});
