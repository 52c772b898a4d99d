/** Each kind of answer has exactly these headers: the same strings, and none besides. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import type { Person } from '../server/person.ts';
import { policyFor } from './policy.ts';
import { ask, settled, UNLIMITED, type Asking } from './traveller.ts';

const WORKERS = '_app/immutable/workers';
const JSON_TYPE = { 'content-type': 'application/json' };

let server: ServerProcess;
let person: Person;
let policy: string;

beforeAll(async () => {
	server = await startServer(UNLIMITED);
	person = await settled(() => server);
	policy = policyFor((await ask(server.port, { method: 'GET', path: '/' })).body);
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

const REFUSED =
	'accelerometer aria-notify autoplay browsing-topics camera clipboard-read compute-pressure cross-origin-isolated display-capture encrypted-media fullscreen gamepad geolocation gyroscope hid identity-credentials-get idle-detection interest-cohort keyboard-map local-fonts magnetometer microphone midi otp-credentials payment picture-in-picture private-state-token-issuance private-state-token-redemption screen-wake-lock serial storage-access sync-xhr unload usb window-management xr-spatial-tracking';
const PERMISSIONS = [
	'clipboard-write=(self)',
	'publickey-credentials-create=(self)',
	'publickey-credentials-get=(self)',
	...REFUSED.split(' ').map((feature) => `${feature}=()`)
].join(', ');

/** What HTTP itself needs, whose values are not about security. */
const OF_HTTP = new Set([
	'accept-ranges',
	'connection',
	'content-length',
	'date',
	'etag',
	'keep-alive',
	'transfer-encoding',
	'vary'
]);

const PAGE = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' };
const SCRIPT = {
	'content-type': 'text/javascript; charset=utf-8',
	'cache-control': 'public, max-age=31536000, immutable'
};
const PROBLEM = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };

const KINDS: [string, () => Asking, number, Readonly<Record<string, string>>][] = [
	['a page', () => ({ method: 'GET', path: '/login' }), 200, PAGE],
	['a script', () => ({ method: 'GET', path: fileIn('_app/immutable/entry') }), 200, SCRIPT],
	['the script of a worker', () => ({ method: 'GET', path: fileIn(WORKERS) }), 200, SCRIPT],
	[
		'JSON',
		() => mine({ method: 'GET', path: '/api/v1/account' }),
		200,
		{ ...JSON_TYPE, 'cache-control': 'no-store' }
	],
	['a page that is not there', () => ({ method: 'GET', path: '/nothing' }), 404, PAGE],
	['an endpoint that is not there', () => ({ method: 'GET', path: '/api/x' }), 404, PROBLEM],
	[
		'a method that a page does not take',
		() => ({ method: 'POST', path: '/login' }),
		405,
		{ ...PROBLEM, allow: 'GET, HEAD' }
	],
	[
		'a method that an endpoint does not take',
		() => mine({ method: 'PUT', path: '/api/v1/account' }),
		405,
		{ ...PROBLEM, allow: 'GET, DELETE, HEAD' }
	],
	[
		'a body that is too large',
		() =>
			mine({
				...{ method: 'POST', path: '/api/v1/auth/challenge', headers: JSON_TYPE },
				body: 'x'.repeat(64 * 1024 + 1)
			}),
		413,
		PROBLEM
	]
];

/** A request of the person, from a page of the server's own. */
function mine({ headers = {}, ...asking }: Asking): Asking {
	return { ...asking, headers: { origin: server.origin, cookie: person.cookie, ...headers } };
}

function fileIn(folder: string): string {
	const [file] = readdirSync(join('build/client', folder)).filter((name) => name.endsWith('.js'));
	return `/${folder}/${file ?? ''}`;
}

async function expectExactly(
	asking: Asking,
	status: number,
	own: Readonly<Record<string, string>>
): Promise<void> {
	const told = await ask(server.port, asking);
	expect(told.status).toBe(status);
	const named = Object.entries(told.headers).filter(([name]) => !OF_HTTP.has(name));
	expect(Object.fromEntries(named)).toEqual({
		'content-security-policy': policy,
		'cross-origin-embedder-policy': 'require-corp',
		'cross-origin-opener-policy': 'same-origin',
		'cross-origin-resource-policy': 'same-origin',
		'permissions-policy': PERMISSIONS,
		'referrer-policy': 'no-referrer',
		'x-content-type-options': 'nosniff',
		'x-frame-options': 'DENY',
		...own
	});
}

describe('these headers and no others are on', () => {
	test.each(KINDS)('%s', async (_kind, asking, status, own) => {
		await expectExactly(asking(), status, own);
	});

	test('a fault of the server', async () => {
		await server.stop();
		const client = createClient({ url: `file:${join(server.folder, 'data/keyhold.db')}` });
		await client.execute("update accounts set manifest = x'00'");
		client.close();
		server = await startServer({ ...UNLIMITED, PORT: String(server.port) }, server.folder);
		await expectExactly(mine({ method: 'GET', path: '/api/v1/account' }), 500, PROBLEM);
	});
});
