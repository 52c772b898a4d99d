/**
 * Argon2id of profile 1: what the product runs, in a worker of Chromium that is started for it and in
 * Node, beside Debian's `argon2`, a program in C that is started for it.
 */
import { spawnSync } from 'node:child_process';
import { chromium, type Page } from '@playwright/test';
import { argon2id, DEFAULT_KDF_PROFILE, KDF_PROFILES } from '#lib/crypto/kdf.ts';
import { hex, utf8 } from '#lib/encoding/bytes.ts';
import { BROWSER_FLAGS } from '../../scripts/browser.js';
import { debianVersion, withProgram } from '../debian.js';
import { inTurns, millisecondsOf, recordBeside, recordVersion } from '../figures.ts';
import { bundled, serveModules } from '../modules.ts';

const PASSWORD = 'seven brass ticks on warm paper';
const SALT = 'sixteen bytes of';
const ROUNDS = 12;
const GOAL = { atMost: 2 } as const;
const CHROMIUM = 'Argon2id, 64 MiB, 3 passes: worker of Chromium';
const NODE = 'the same in Node';
const NATIVE = 'Debian’s argon2';

const files = await serveModules(await bundled('kdf-worker'));
const browser = await chromium.launch({
	executablePath: process.env['CHROMIUM_PATH'] ?? '',
	args: [...BROWSER_FLAGS]
});
const page = await browser.newPage();
await page.goto(files.origin);

const profile = DEFAULT_KDF_PROFILE;
const root = hex(await argon2id(utf8(PASSWORD), utf8(SALT), profile));
const native = nativeProgram();
if (native !== undefined) recordVersion('argon2', debianVersion('argon2'));
const samples = await inTurns(ROUNDS, {
	chromium: () => inWorker(page),
	node: () => millisecondsOf(() => argon2id(utf8(PASSWORD), utf8(SALT), profile)),
	native:
		native &&
		(() =>
			millisecondsOf(() => {
				sameRoot(native());
			}))
});
await browser.close();
files.close();

const others = samples.native;
recordBeside({ what: CHROMIUM, unit: 'ms', goal: GOAL }, samples.chromium, NATIVE, others);
recordBeside({ what: NODE, unit: 'ms', goal: GOAL }, samples.node, NATIVE, others);

/** From the start of the worker to its answer. */
async function inWorker(page: Page): Promise<number> {
	const { took, answer } = await page.evaluate(
		async ({ password, salt, profile }) => {
			const encoder = new TextEncoder();
			const before = performance.now();
			const worker = new Worker('/bench/kdf-worker.js', { type: 'module' });
			const answer = await new Promise<string>((resolve, reject) => {
				worker.onmessage = ({ data }: MessageEvent<string>) => {
					resolve(data);
				};
				worker.onerror = ({ message }) => {
					reject(new Error(message));
				};
				const derivation = { password: encoder.encode(password), salt: encoder.encode(salt) };
				worker.postMessage({ ...derivation, profile });
			});
			const took = performance.now() - before;
			worker.terminate();
			return { took, answer };
		},
		{ password: PASSWORD, salt: SALT, profile }
	);
	sameRoot(answer);
	return took;
}

/** Another result would be other work. */
function sameRoot(answer: string): void {
	if (answer !== root) throw new Error('another root was derived');
}

function nativeProgram(): (() => string) | undefined {
	const env = withProgram('argon2', 'argon2');
	const cost = KDF_PROFILES.get(profile);
	if (env === undefined || cost === undefined) return undefined;
	const costs = ['-t', `${cost.passes}`, '-k', `${cost.memoryKiB}`, '-p', `${cost.lanes}`];
	const words = [SALT, '-id', ...costs, '-l', '32', '-r'];
	return () => spawnSync('argon2', words, { env, input: PASSWORD, encoding: 'utf8' }).stdout.trim();
}
