/**
 * Finds a Chromium for the tests, or gets one: never skips in silence.
 *
 * In this order: CHROMIUM_PATH; where the engine is enough, Chromium without a window of its own, which
 * Debian's package is installed for if this is root on a Debian; an installed Chromium or Chrome;
 * Playwright's own; Debian's package of the whole; the build that the npm package @sparticuz/chromium
 * carries.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { installPackages, runs } from './debian.js';

/** Debian's package and its program: the same Chromium, with two thirds of the work for a test. */
const ENGINE = 'chromium-headless-shell';
const PROGRAMS = [
	'chromium',
	'chromium-browser',
	'google-chrome',
	'google-chrome-stable',
	'chrome'
];
const APPLICATIONS = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium'
];
/** The newest one that runs on Node 20. */
const PACKAGE = '@sparticuz/chromium';
const PACKAGE_VERSION = '147.0.0';

/** What the tests start a browser with, whichever it is. */
export const BROWSER_FLAGS = [
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	// Chromium's sandbox refuses to run as root.
	...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])
];

/**
 * @param {'engine' | 'whole'} wanted What is enough; what is measured is measured in the whole.
 * @returns {Promise<string>} The path of a browser that starts.
 * @throws {Error} with the commands to type, if there is none and none could be had.
 */
export async function findBrowser(wanted) {
	const given = process.env['CHROMIUM_PATH'];
	if (given !== undefined && given !== '') {
		if (await starts(given)) return given;
		throw new Error(`CHROMIUM_PATH is ${given}, which does not start.`);
	}
	const engine = wanted === 'engine' ? await debianEngine() : undefined;
	const found =
		engine ?? (await installedBrowser()) ?? (await debianPackage()) ?? (await npmPackage());
	if (found !== undefined) return found;
	throw new Error(
		[
			'The browser tests need a Chromium, and none was found. Type one of:',
			'  apt-get update && apt-get install -y chromium',
			'  npx playwright install --with-deps chromium',
			'  CHROMIUM_PATH=/path/to/chromium npm test'
		].join('\n')
	);
}

/** @returns {Promise<string | undefined>} */
async function debianEngine() {
	const found = await firstThatStarts(inPath(ENGINE));
	if (found !== undefined) return found;
	return installPackages([ENGINE], 'alone') ? await firstThatStarts(inPath(ENGINE)) : undefined;
}

/** @returns {Promise<string | undefined>} */
async function installedBrowser() {
	const programs = PROGRAMS.flatMap(inPath);
	return await firstThatStarts([...programs, ...APPLICATIONS, chromium.executablePath()]);
}

/**
 * @param {string} program
 * @returns {string[]}
 */
function inPath(program) {
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	return folders.map((folder) => join(folder, program));
}

/**
 * @param {readonly string[]} paths
 * @returns {Promise<string | undefined>}
 */
async function firstThatStarts(paths) {
	for (const path of paths) if (existsSync(path) && (await starts(path))) return path;
	return undefined;
}

/** @returns {Promise<string | undefined>} */
async function debianPackage() {
	return installPackages(['chromium']) ? await installedBrowser() : undefined;
}

/** @returns {Promise<string | undefined>} */
async function npmPackage() {
	say(`No Chromium here: installing ${PACKAGE} ${PACKAGE_VERSION} beside the dependencies.`);
	if (!runs('npm', ['install', '--no-save', `${PACKAGE}@${PACKAGE_VERSION}`])) return undefined;
	// Its name is not written where it is imported: it is no dependency of the project.
	const { default: carried } = /** @type {{ default: { executablePath(): Promise<string> } }} */ (
		await import(PACKAGE)
	);
	const path = await carried.executablePath();
	return (await starts(path)) ? path : undefined;
}

/**
 * Whether the tests can drive it: found is not enough, a package may lack a library.
 *
 * @param {string} executablePath
 */
async function starts(executablePath) {
	try {
		const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS, timeout: 60_000 });
		await browser.close();
		return true;
	} catch {
		return false;
	}
}

/** @param {string} line */
function say(line) {
	process.stderr.write(`${line}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		process.stdout.write(`${await findBrowser('engine')}\n`);
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	}
}
