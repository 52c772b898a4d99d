/**
 * Completes the environment before the program is loaded: defaults for a machine of one's own,
 * a `.env` file, and secrets that are made on the first run. What each variable may hold is checked
 * by src/lib/server/env.ts, except `ORIGIN`, which the built handler reads before that.
 */
import { randomBytes } from 'node:crypto';
import {
	closeSync,
	existsSync,
	fsyncSync,
	linkSync,
	mkdirSync,
	openSync,
	readFileSync,
	rmSync,
	statSync,
	writeSync
} from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { BODY_LIMIT_BYTES } from './front.js';

const ENCRYPTION_KEY_BYTES = 32;

/** A reason not to start: one line for each fault. */
export class StartFault extends Error {
	/** @override */
	name = 'StartFault';
}

/**
 * @param {NodeJS.ProcessEnv} env Changed in place; what is set stays as it is.
 * @param {(line: string) => void} say
 * @throws {StartFault}
 */
export function completeEnvironment(env, say) {
	addSettings(env);
	addSecrets(env, isProduction(env), say);
	// Read by the built handler when it is loaded.
	env['BODY_SIZE_LIMIT'] = String(BODY_LIMIT_BYTES);
}

/**
 * The same for the host's command, which makes nothing.
 *
 * @param {NodeJS.ProcessEnv} env Changed in place; what is set stays as it is.
 * @throws {StartFault}
 */
export function readEnvironment(env) {
	addSettings(env);
	const name = secretsName(env);
	if (!isSet(env['ENCRYPTION_KEYS']) && existsSync(name)) addMissing(env, readVariables(name));
}

/** @param {NodeJS.ProcessEnv} env */
function addSettings(env) {
	if (existsSync('.env')) addMissing(env, readVariables('.env'));
	addMissing(env, { HOST: '127.0.0.1', PORT: '3000', DATA_DIR: './data' });
	// A faulty port is told by the environment's schema, not by an origin that it spoils.
	const origin = `http://localhost:${env['PORT'] ?? ''}`;
	if (!isProduction(env)) {
		addMissing(env, { ORIGIN: URL.canParse(origin) ? origin : 'http://localhost' });
	}
	refuseOrigin(env['ORIGIN']);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} production Secrets are never made there: a lost volume would go unnoticed.
 * @param {(line: string) => void} say
 */
function addSecrets(env, production, say) {
	const directory = env['DATA_DIR'] ?? '';
	const name = secretsName(env);
	if (isSet(env['ENCRYPTION_KEYS'])) return;
	if (!existsSync(name)) {
		if (production) return;
		refuseOrphan(directory, name);
		makeSecrets(directory, name);
		say(`First run: Keyhold made its secrets, ${name}. Keep a copy of it apart from the database:`);
		say('without these secrets nothing in the database can be read.');
	} else if ((statSync(name).mode & 0o077) !== 0) {
		say(`Other users of this machine can read ${name}; run: chmod 600 ${name}`);
	}
	addMissing(env, readVariables(name));
}

/** @param {NodeJS.ProcessEnv} env */
function secretsName(env) {
	return join(env['DATA_DIR'] ?? '', 'secrets.env');
}

/** @param {NodeJS.ProcessEnv} env */
function isProduction(env) {
	return env['NODE_ENV'] === 'production';
}

/**
 * A database whose secrets are gone is unreadable with new ones; better to say so than to begin anew.
 *
 * @param {string} directory
 * @param {string} name
 */
function refuseOrphan(directory, name) {
	if (!existsSync(join(directory, 'keyhold.db'))) return;
	throw new StartFault(
		`${join(directory, 'keyhold.db')} is there, but its secrets are not: put ${name} back or set ENCRYPTION_KEYS`
	);
}

/**
 * @param {string} directory
 * @param {string} name
 */
function makeSecrets(directory, name) {
	const key = randomBytes(ENCRYPTION_KEY_BYTES).toString('base64url');
	const text = [
		'# Made by Keyhold on its first run. The server encrypts its database with these keys.',
		'# Keep a copy apart from the database. .env.example says how to change them.',
		`ENCRYPTION_KEYS=${key}`,
		''
	].join('\n');
	const part = `${name}.${process.pid}`;
	try {
		mkdirSync(directory, { recursive: true, mode: 0o700 });
		const file = openSync(part, 'wx', 0o600);
		writeSync(file, text);
		fsyncSync(file);
		closeSync(file);
		// It has its name once it is whole, takes no other start's place, and is on the disk before a
		// database needs it.
		nameOnce(part, name);
		const folder = openSync(directory, 'r');
		fsyncSync(folder);
		closeSync(folder);
	} catch (error) {
		throw unusable(`cannot make ${name}`, error);
	}
}

/**
 * Gives the whole `part` its name, unless another start was first: its secrets stay.
 *
 * @param {string} part
 * @param {string} name
 */
function nameOnce(part, name) {
	try {
		linkSync(part, name);
	} finally {
		rmSync(part);
	}
}

/** @param {string | undefined} origin */
function refuseOrigin(origin) {
	if (!isSet(origin)) return;
	if (URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol)) return;
	throw new StartFault(
		'ORIGIN: must be the address people type, for example https://keys.example.org'
	);
}

/**
 * @param {string} name
 * @returns {NodeJS.Dict<string>}
 */
function readVariables(name) {
	try {
		return parseEnv(readFileSync(name, 'utf8'));
	} catch (error) {
		throw unusable(`cannot read ${name}`, error);
	}
}

/**
 * @param {string} what
 * @param {unknown} error
 */
function unusable(what, error) {
	const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
	return new StartFault(`${what} (${code}): is DATA_DIR right, and may this user use it?`);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Dict<string>} more
 */
function addMissing(env, more) {
	for (const [name, value] of Object.entries(more)) if (!isSet(env[name])) env[name] = value;
}

/**
 * An empty value counts as one that is not set.
 *
 * @param {string | undefined} value
 * @returns {value is string}
 */
function isSet(value) {
	return value !== undefined && value !== '';
}
