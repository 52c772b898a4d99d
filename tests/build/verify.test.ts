/**
 * The command that compares a running server with the list of a release, through somebody between
 * who changes what passes: to the command that is the same as a server that does.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compare } from '../../scripts/comparison.js';
import { LIST_PATH, type DeliveredList } from '../../serve/delivered.js';
import { freePort, removeFolder, startServer, type ServerProcess } from '../server-process.ts';

const PROGRAM = fileURLToPath(new URL('../../scripts/verify.js', import.meta.url));
const BUILD = fileURLToPath(new URL('../../build', import.meta.url));
const LIST = join(BUILD, 'client', LIST_PATH);

interface Passing {
	readonly path: string;
	readonly encoding: string;
	status: number;
	body: Buffer;
	readonly headers: Record<string, string | undefined>;
}

const list = JSON.parse(readFileSync(LIST, 'utf8')) as DeliveredList;
let server: ServerProcess;
let between: Server;
let origin: string;
let meddle: (passing: Passing) => void;

beforeAll(async () => {
	server = await startServer({ ORIGIN: 'https://keys.example.org' });
	between = createServer((request, response) => {
		void pass(request.url ?? '', request.headers).then(({ status, headers, body }) => {
			const sent = Object.entries(headers).filter(([, value]) => value !== undefined);
			response.writeHead(status, Object.fromEntries(sent) as Record<string, string>).end(body);
		});
	});
	await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
	origin = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
});

beforeEach(() => {
	meddle = () => undefined;
});

afterAll(async () => {
	between.closeAllConnections();
	between.close();
	await server.stop();
	removeFolder(server.folder);
});

describe('the list', () => {
	test('is delivered, and names every page and file with its hash', async () => {
		const response = await fetch(`http://127.0.0.1:${server.port}${LIST_PATH}`);
		expect(response.headers.get('content-type')).toBe('application/json');
		expect(await response.json()).toEqual(list);
		expect(Object.keys(list.files)).toEqual(
			expect.arrayContaining(['/', '/login', '/wallet', '/robots.txt', '/_app/version.json'])
		);
	});

	test('leaves out no file that the build has for browsers, but itself', () => {
		const files = filesIn('client').filter((path) => !/\.(br|gz)$/.test(path));
		const pages = filesIn('prerendered')
			.filter((path) => !/\.(br|gz)$/.test(path))
			.map((path) => path.replace(/\.html$/, '').replace(/^\/index$/, '/'));
		const all = [...files, ...pages].filter((path) => path !== LIST_PATH);
		expect(all.length).toBeGreaterThan(100);
		expect(Object.keys(list.files).toSorted()).toEqual(all.toSorted());
	});

	test('has the version of package.json', () => {
		const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
		expect(list.version).toBe((JSON.parse(manifest) as { version: string }).version);
	});
});

describe('the command', () => {
	test('finds a server the same that delivers what was built', async () => {
		const { code, out } = await verify([origin]);
		expect(out).toContain('The same: every file in every encoding, and every header.');
		expect(code).toBe(0);
	});

	test('finds one byte changed in a file, and names it', async () => {
		meddle = ({ path, body }) => {
			if (path === '/theme.js') flip(body);
		};
		const { code, out } = await verify([origin, '--list', LIST]);
		expect(out).toContain('DIFFERS /theme.js: its bytes are others');
		expect(code).toBe(1);
	});

	test('says what the server’s version is if it is another one', async () => {
		const other = join(server.folder, 'keyhold.json');
		writeFileSync(other, JSON.stringify({ ...list, version: '9.9.9' }, null, '\t') + '\n');
		const { code, out } = await verify([origin, '--list', other]);
		expect(out).toContain(`${LIST_PATH}: the server says that it is version ${list.version}`);
		expect(code).toBe(1);
	});

	test.each([
		['no address', []],
		['no address of a server', ['keys.example.org']],
		['an address with a path', ['https://keys.example.org/login']],
		['an unknown option', ['https://keys.example.org', '--insecure']],
		['no file', ['https://keys.example.org', '--list', 'nowhere.json']],
		['a file that is no list', ['https://keys.example.org', '--list', PROGRAM]]
	])('cannot be used with %s', async (_what, words) => {
		expect((await verify(words)).code).toBe(2);
	});

	test('tells a server that cannot be reached from one that differs', async () => {
		const { code, err } = await verify([`http://127.0.0.1:${await freePort()}`, '--list', LIST]);
		expect(err).toContain('could not be reached: “ECONNREFUSED”');
		expect(code).toBe(3);
	});
});

describe('a server is found out that', () => {
	test('changes one byte, in whichever file and encoding', async () => {
		meddle = ({ path, body }) => {
			if (path in list.files) flip(body);
		};
		const found = await differences();
		const expected = Object.keys(list.files).flatMap((path) =>
			[path, `${path} (gzip)`, `${path} (br)`].map((place) => `${place}: its bytes are others`)
		);
		expect(found.toSorted()).toEqual(expected.toSorted());
	});

	test.each<[string, (passing: Passing) => void, string]>([
		[
			'changes a page for those only who take it compressed',
			({ path, encoding, body }) => {
				if (path === '/login' && encoding === 'br') flip(body);
			},
			'/login (br): its bytes are others'
		],
		[
			'adds to a file',
			(passing) => {
				if (passing.path === '/theme.js') passing.body = Buffer.concat([passing.body, SPACES]);
			},
			'/theme.js: its bytes are others'
		],
		[
			'changes the page for unknown addresses',
			(passing) => {
				if (passing.status === 404) flip(passing.body);
			},
			': its bytes are others'
		],
		[
			'leaves a file out',
			(passing) => {
				if (passing.path === '/robots.txt') passing.status = 404;
			},
			'/robots.txt: it answers 404, not 200'
		],
		[
			'leads a page elsewhere',
			(passing) => {
				if (passing.path !== '/login') return;
				passing.status = 302;
				passing.headers['location'] = 'https://elsewhere.example/';
			},
			'/login: it answers 302, not 200'
		],
		[
			'gives a file another type',
			({ path, headers }) => {
				if (path === '/robots.txt') headers['content-type'] = 'text/html';
			},
			'/robots.txt: its type is “text/html”, not “text/plain; charset=utf-8”'
		],
		[
			'loosens the policy of a page',
			({ path, headers }) => {
				if (path === '/login') headers['content-security-policy'] = "default-src 'self'";
			},
			"/login: the header content-security-policy is “default-src 'self'”"
		],
		[
			'leaves a header out',
			({ path, headers }) => {
				if (path === '/healthz') headers['cross-origin-opener-policy'] = undefined;
			},
			'/healthz: the header cross-origin-opener-policy is missing'
		],
		[
			'adds a header that a browser would act upon',
			({ path, headers }) => {
				if (path === '/') headers['link'] = '</x.js>; rel=modulepreload';
			},
			'/: there is a header “link”: “</x.js>; rel=modulepreload”'
		],
		[
			'publishes another list than its release has',
			({ path, body }) => {
				if (path === LIST_PATH) body.write('[');
			},
			`${LIST_PATH}: the server's own list is another one`
		],
		[
			'writes to the terminal of whoever asks',
			({ path, headers }) => {
				if (path === '/') headers['x-note'] = '\u009b2J gone';
			},
			'/: there is a header “x-note”: “?2J gone”'
		]
	])('%s', async (_move, move, difference) => {
		meddle = move;
		expect((await differences(FEW)).join('\n')).toContain(difference);
	});

	test('sends without end', async () => {
		const endless = createServer((_request, response) => {
			const more = () => {
				while (response.write(Buffer.alloc(65_536)));
			};
			response.on('drain', more);
			more();
		});
		await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
		const { port } = endless.address() as AddressInfo;
		const found = await compare({ origin: `http://127.0.0.1:${port}`, list: few(), allowed: [] });
		endless.closeAllConnections();
		endless.close();
		expect(found).toContain('/theme.js: its bytes are others');
	});
});

describe('what a proxy may do', () => {
	test('is speaking for the names under its own', async () => {
		meddle = ({ headers }) => {
			headers['strict-transport-security'] = 'max-age=63072000; includeSubDomains';
		};
		expect(await differences(FEW)).toEqual([]);
	});

	test('is adding a header that was allowed', async () => {
		meddle = ({ headers }) => {
			headers['x-request-id'] = '1';
		};
		expect(await compare({ origin, list, allowed: ['x-request-id'] })).toEqual([]);
	});
});

/** The files in a folder of the build, as the paths of a server. */
function filesIn(folder: string): string[] {
	const all = readdirSync(join(BUILD, folder), { recursive: true, withFileTypes: true });
	return all
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => `/${relative(join(BUILD, folder), join(parentPath, name))}`);
}

/** Enough to see one difference, without all the files. */
const FEW = ['/', '/login', '/robots.txt', '/theme.js'];
const SPACES = Buffer.alloc(16, ' ');

function few(paths = FEW): DeliveredList {
	const files = Object.entries(list.files).filter(([path]) => paths.includes(path));
	return { ...list, files: Object.fromEntries(files) };
}

/** Of some files, the list itself then differs from what is published, which is no finding. */
async function differences(paths?: readonly string[]): Promise<string[]> {
	const compared = paths === undefined ? list : few([...paths]);
	if (paths !== undefined) publish(compared);
	return await compare({ origin, list: compared, allowed: [] });
}

/** Has the one between publish a shorter list before anything else is done to it. */
function publish(shorter: DeliveredList): void {
	const move = meddle;
	meddle = (passing) => {
		if (passing.path === LIST_PATH) {
			passing.body = Buffer.from(JSON.stringify(shorter, null, '\t') + '\n');
		}
		move(passing);
	};
}

function flip(body: Buffer): void {
	const at = body.length >> 1;
	body[at] = (body[at] ?? 0) ^ 1;
}

async function pass(path: string, asked: IncomingHttpHeaders): Promise<Passing> {
	const encoding = String(asked['accept-encoding']);
	const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
		redirect: 'manual',
		headers: { 'accept-encoding': 'identity' }
	});
	const headers: Passing['headers'] = Object.fromEntries(response.headers);
	// It may be longer afterwards, and Node counts it.
	headers['content-length'] = undefined;
	headers['transfer-encoding'] = undefined;
	const body = Buffer.from(await response.arrayBuffer());
	const passing: Passing = { path, encoding, status: response.status, body, headers };
	meddle(passing);
	if (encoding !== 'identity') {
		headers['content-encoding'] = encoding;
		passing.body = encoding === 'gzip' ? gzipSync(passing.body) : brotli(passing.body);
	}
	return passing;
}

function brotli(body: Buffer): Buffer {
	return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}

function verify(words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
	return new Promise((resolve) => {
		const child = execFile(process.execPath, [PROGRAM, ...words], (_error, out, err) => {
			resolve({ code: child.exitCode ?? -1, out, err });
		});
	});
}
