/**
 * Beside other programs that keep secrets, with the same 10,000 entries and the same Argon2id: the
 * product's keyholder as a program of Node that asks a real server on this machine, KeePassXC's
 * command line, and kdbxweb. All three derive in native code. Each is started anew for each thing, as a
 * command is, beside what it keeps on the disk: files of entries, and the keyholder its pins and its
 * session; then the same with what stays unlocked, where `pass` has its place too; and files of `age`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeContent } from '#lib/backup/content.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { removeFolder } from '../../tests/server-process.ts';
import { bundle } from '../bundle.js';
import { debianVersion, withProgram } from '../debian.js';
import { Device, PASSWORD } from '../device.ts';
import { inTurns, millisecondsOf, recordBeside, recordVersion, type Turn } from '../figures.ts';
import { entryOf, keyEdit, valueOf } from '../keys.ts';
import { measureAge } from '../beside/age.ts';
import { run } from '../beside/run.ts';
import { measureUnlocked } from '../beside/unlocked.ts';
import { wideServer } from '../wide-server.ts';

const KEYS = 10_000;
const ROUNDS = 7;
const EMAIL = 'peers@example.org';
const PEERS = 'bench/peers/node_modules';
const READ = 77;
const INSTALLED_WITHIN_MS = 60_000;

type Command = 'list' | 'add' | 'read';
/** Does it, and says what it printed. */
type Program = (command: Command, number: number) => Promise<string>;

const folder = mkdtempSync(join(tmpdir(), 'keyhold-bench-'));
const server = await wideServer();
try {
	const device = new Device(server.origin, EMAIL);
	await device.settle(KEYS);
	const keepass = await kdbxFile('keepassxc.kdbx');
	const web = await kdbxFile('kdbxweb.kdbx');
	const path = await bundle('bench/programs/keyholder.ts', { isWhole: true });
	const keyholder = keyholderProgram(path, [join(folder, 'device.json')]);
	const stranger = keyholderProgram(path, []);
	const others: readonly [name: string, program: Program | undefined][] = [
		['keepassxc-cli', keepass === undefined ? undefined : keepassProgram(keepass)],
		['kdbxweb', web === undefined ? undefined : webProgram(web)]
	];
	for (const [name, program] of others) {
		if (program === undefined) continue;
		recordVersion(name, name === 'kdbxweb' ? peerVersion(name) : debianVersion('keepassxc'));
		await compare(keyholder, name, program);
		await compareList(stranger, name, program);
	}
	if (web !== undefined) recordVersion('@node-rs/argon2', peerVersion('@node-rs/argon2'));
	await measureUnlocked(device, KEYS, folder, keepass);
	await device.keyholder.signOut();
	await measureAge(contentOf(KEYS), folder);
} finally {
	await server.stop();
	removeFolder(server.folder);
	rmSync(folder, { recursive: true });
}

async function compare(keyholder: Program, name: string, program: Program): Promise<void> {
	const isGoal = name === 'keepassxc-cli';
	const goals = { list: 0.5, add: 0.4, read: undefined };
	const titles = {
		list: 'open 10,000 keys and list them',
		add: 'open them and add one',
		read: 'open them and read one'
	};
	for (const command of ['list', 'add', 'read'] as const) {
		const { ours, theirs } = await inTurns(ROUNDS, {
			ours: turnOf(keyholder, command),
			theirs: turnOf(program, command)
		});
		const limit = isGoal ? goals[command] : undefined;
		recordBeside(
			{
				what: `${titles[command]}: the keyholder`,
				unit: 'ms',
				...(limit === undefined ? {} : { goal: { atMost: limit } })
			},
			ours,
			`${titles[command]}: ${name}`,
			theirs
		);
	}
}

/** As a device that knows neither the account nor a session. */
async function compareList(stranger: Program, name: string, program: Program): Promise<void> {
	const { ours, theirs } = await inTurns(ROUNDS, {
		ours: turnOf(stranger, 'list'),
		theirs: turnOf(program, 'list')
	});
	const what = 'the same on a new device: the keyholder';
	recordBeside({ what, unit: 'ms' }, ours, name, theirs);
}

/** Started, done and ended; what it printed must be what was asked for. */
function turnOf(program: Program, command: Command): Turn {
	let number = KEYS;
	return async () => {
		let printed = '';
		const asked = command === 'read' ? READ : number++;
		const took = await millisecondsOf(async () => (printed = await program(command, asked)));
		if (command === 'list' && !printed.includes(`Service ${KEYS - 1} main`)) {
			throw new Error('a list without its last entry');
		}
		if (command === 'read' && printed.trim() !== valueOf(READ)) throw new Error('another value');
		return took;
	};
}

/** @param kept the file of a device that has been here before; none of one that has not. */
function keyholderProgram(path: string, kept: readonly string[]): Program {
	return (command, number) => {
		const words = [path, server.origin, EMAIL, command, `${number}`, ...kept];
		return run(process.execPath, words, '', withPassword());
	};
}

function keepassProgram(file: string): Program | undefined {
	const env = withProgram('keepassxc', 'keepassxc-cli');
	if (env === undefined) return undefined;
	const cli = (words: readonly string[], input: string) => run('keepassxc-cli', words, input, env);
	return async (command, number) => {
		if (command === 'list') return await cli(['ls', '-q', '-R', '-f', file], `${PASSWORD}\n`);
		const { name, value, url } = entryOf(number);
		if (command === 'read') {
			return await cli(['show', '-q', '-s', '-a', 'Password', file, name], `${PASSWORD}\n`);
		}
		const words = ['add', '-q', '--url', url, '-p', file, name];
		return await cli(words, `${PASSWORD}\n${value}\n`);
	};
}

function webProgram(file: string): Program {
	return (command, number) => {
		const words = ['bench/peers/kdbx.js', file, command, `${number}`];
		const input = command === 'add' ? JSON.stringify(entryOf(number)) : '';
		return run(process.execPath, words, input, withPassword());
	};
}

/** A file with the same entries, made by kdbxweb; none without it. */
async function kdbxFile(name: string): Promise<string | undefined> {
	if (!isInstalled()) return undefined;
	const file = join(folder, name);
	const lines = Array.from({ length: KEYS }, (_, number) => JSON.stringify(entryOf(number)));
	await run(
		process.execPath,
		['bench/peers/kdbx.js', file, 'make'],
		lines.join('\n'),
		withPassword()
	);
	return file;
}

/** These have an install of their own; where there is no registry they stay away. */
function isInstalled(): boolean {
	const areThere = () =>
		['kdbxweb', '@node-rs/argon2'].every((name) => existsSync(join(PEERS, name)));
	if (areThere()) return true;
	const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', 'bench/peers'];
	spawnSync('npm', words, { stdio: 'ignore', timeout: INSTALLED_WITHIN_MS });
	return areThere();
}

function peerVersion(name: string): string {
	const about = readFileSync(join(PEERS, name, 'package.json'), 'utf8');
	return (JSON.parse(about) as { version: string }).version;
}

function withPassword(): NodeJS.ProcessEnv {
	return { ...process.env, BENCH_PASSWORD: PASSWORD };
}

/** What a backup of so many keys is made of. */
function contentOf(count: number): Bytes {
	const keys = Array.from({ length: count }, (_, number) => keyEdit('', number));
	const vaults = [
		{ name: 'Personal', keys: keys.map(({ overview, secret }) => ({ overview, secret })) }
	];
	return writeContent({ v: 1, madeAt: Date.now(), vaults });
}
