/**
 * Reading and adding one key where all is unlocked already: the product's keyholder, which asks its
 * server; an open session of KeePassXC's command line; `pass` with a key that gpg-agent holds. What
 * `pass` lists are names of files, which are not secret, and it derives nothing: so listing and opening
 * are not compared with it.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { debianVersion, withProgram } from '../debian.js';
import { PASSWORD, type Device } from '../device.ts';
import { inTurns, millisecondsOf, recordBeside, recordVersion } from '../figures.ts';
import { entryOf, keyEdit, valueOf } from '../keys.ts';
import { run } from './run.ts';

const ROUNDS = 16;
const READ = 77;
const STORE = 'bench';
const PERSON = 'bench@example.org';

/** Does it with entry `number`; reading answers with its value. */
interface Unlocked {
	read(number: number): Promise<string>;
	add(number: number): Promise<void>;
	end(): Promise<void>;
}

/** @param keys How many there are, numbered from 0. */
export async function measureUnlocked(
	device: Device,
	keys: number,
	folder: string,
	keepassFile: string | undefined
): Promise<void> {
	const peers: readonly [name: string, open: () => Promise<Unlocked | undefined>][] = [
		['keepassxc-cli', async () => await keepassSession(keepassFile)],
		['pass', async () => await passStore(keys, folder)]
	];
	const ours = ofKeyholder(device);
	let next = 2 * keys;
	for (const [name, open] of peers) {
		const theirs = await open();
		if (theirs === undefined) continue;
		if (name === 'pass') recordVersion(name, debianVersion(name));
		const reading = await inTurns(ROUNDS, {
			ours: () => readOne(ours),
			theirs: () => readOne(theirs)
		});
		const adding = await inTurns(ROUNDS, {
			ours: () => millisecondsOf(() => ours.add(next++)),
			theirs: () => millisecondsOf(() => theirs.add(next++))
		});
		await theirs.end();
		const read = 'unlocked, read one: the keyholder, with its server';
		recordBeside({ what: read, unit: 'ms' }, reading.ours, name, reading.theirs);
		const add = 'unlocked, add one: the same';
		recordBeside({ what: add, unit: 'ms' }, adding.ours, name, adding.theirs);
	}
}

async function readOne(store: Unlocked): Promise<number> {
	let value = '';
	const took = await millisecondsOf(async () => (value = await store.read(READ)));
	if (value !== valueOf(READ)) throw new Error('another value');
	return took;
}

function ofKeyholder({ keyholder, vault: { id, keys } }: Device): Unlocked {
	const items = new Map(keys.map(({ item, overview }) => [overview.name, item]));
	return {
		read: async (number) => {
			const item = items.get(entryOf(number).name) ?? '';
			const { secret } = await keyholder.read({ vault: id, item }, 'copy');
			return secret.fields[0]?.value ?? '';
		},
		add: async (number) => {
			const { outcome } = await keyholder.save([keyEdit(id, number)]);
			if (outcome !== 'saved') throw new Error(outcome);
		},
		end: () => Promise.resolve()
	};
}

/** It reads what is asked for whole, so nothing may be sent before it waits for that. */
async function keepassSession(file: string | undefined): Promise<Unlocked | undefined> {
	const env = withProgram('keepassxc', 'keepassxc-cli');
	if (env === undefined || file === undefined) return undefined;
	const child = spawn('keepassxc-cli', ['open', '-q', file], { env, stdio: 'pipe' });
	let heard = '';
	let onHeard: () => void = () => undefined;
	let onGone: (reason: unknown) => void = () => undefined;
	for (const event of ['error', 'close']) {
		child.once(event, (reason: unknown) => {
			onGone(reason);
		});
	}
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		heard += chunk;
		onHeard();
	});
	const say = (line: string, until: string) =>
		new Promise<string>((resolve, reject) => {
			heard = '';
			onHeard = () => {
				if (heard.endsWith(until)) resolve(heard);
			};
			onGone = reject;
			child.stdin.write(`${line}\n`);
		});
	const prompt = `${STORE}> `;
	await say(PASSWORD, prompt);
	return {
		read: async (number) => {
			const said = await say(`show -s -a Password "${entryOf(number).name}"`, prompt);
			return said.split('\n').at(-2) ?? '';
		},
		add: async (number) => {
			const { name, value, url } = entryOf(number);
			await say(`add -q --url ${url} -p "${name}"`, '\n');
			await say(value, prompt);
		},
		end: async () => {
			const ended = new Promise((resolve) => child.once('close', resolve));
			child.stdin.end('exit\n');
			await ended;
		}
	};
}

/** A key without a passphrase stands for one that gpg-agent holds. All entries are one file, copied. */
async function passStore(keys: number, folder: string): Promise<Unlocked | undefined> {
	const surroundings = withProgram('pass', 'pass');
	if (surroundings === undefined) return undefined;
	const home = join(folder, 'gnupg');
	const store = join(folder, 'pass');
	mkdirSync(home, { mode: 0o700 });
	const env = { ...surroundings, GNUPGHOME: home, PASSWORD_STORE_DIR: store };
	const nobody = ['--batch', '--passphrase', ''];
	await run('gpg', [...nobody, '--quick-gen-key', PERSON, 'default', 'default'], '', env);
	await run('pass', ['init', PERSON], '', env);
	const insert = (number: number) =>
		run('pass', ['insert', '-m', `${STORE}/${number}`], textOf(number), env);
	await insert(READ);
	for (let number = 0; number < keys; number++) {
		if (number !== READ) copyFileSync(fileOf(READ), fileOf(number));
	}
	return {
		read: async (number) => {
			const text = await run('pass', ['show', `${STORE}/${number}`], '', env);
			return text.split('\n', 1)[0] ?? '';
		},
		add: async (number) => {
			await insert(number);
		},
		end: async () => {
			await run('gpgconf', ['--kill', 'gpg-agent'], '', env);
		}
	};

	function fileOf(number: number): string {
		return join(store, STORE, `${number}.gpg`);
	}
}

/** The value on the first line, then the rest, as is the custom there. */
function textOf(number: number): string {
	const { value, url, note, tags } = entryOf(number);
	return `${value}\nurl: ${url}\nnote: ${note}\ntags: ${tags.join(', ')}\n`;
}
