/** The world of a tab, played by hand: time that is wound, and a worker that answers when told. */
import { FaultError, type Fault, type FaultCode } from '#lib/browser/fault.ts';
import type { Clock } from '#lib/browser/clock.ts';
import type { Memory, Unseen } from '#lib/browser/device/remembered.ts';
import type { Host } from '#lib/browser/host.ts';
import { Session } from '#lib/browser/session.svelte.ts';
import type { Field, Overview } from '#lib/items/key.ts';
import type { AccountView, KeyEdit, KeyRow, ReadResult, UnlockStep } from '#lib/keyholder/views.ts';

interface Timer {
	at: number;
	readonly every: number | undefined;
	readonly action: () => void;
}

export class FakeClock implements Clock {
	readonly #timers = new Set<Timer>();

	/** Noon, in whatever zone the tests run. */
	constructor(private time = new Date(2026, 2, 10, 12).getTime()) {}

	now(): number {
		return this.time;
	}

	after(ms: number, action: () => void): () => void {
		return this.#add({ at: this.time + ms, every: undefined, action });
	}

	every(ms: number, action: () => void): () => void {
		return this.#add({ at: this.time + ms, every: ms, action });
	}

	/** Lets time pass, with everything that is due in it. */
	pass(ms: number): void {
		const end = this.time + ms;
		for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
			this.time = Math.max(this.time, next.at);
			if (next.every === undefined) this.#timers.delete(next);
			else next.at += next.every;
			next.action();
		}
		this.time = end;
	}

	/** The clock is set, or the machine slept: time jumps and no timer runs. */
	jump(ms: number): void {
		this.time += ms;
		for (const timer of this.#timers) timer.at += ms;
	}

	get timers(): number {
		return this.#timers.size;
	}

	#add(timer: Timer): () => void {
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	}

	#next(end: number): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.#timers) {
			if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
		}
		return first;
	}
}

export class FakeMemory implements Memory {
	remembered = '';
	seconds: number[] = [];
	readonly unseenAccounts = new Map<string, Unseen>();

	email(): string {
		return this.remembered;
	}
	rememberEmail(email: string): void {
		this.remembered = email;
	}
	forgetEmail(): void {
		this.remembered = '';
	}
	unseen(account: string): Unseen | undefined {
		return this.unseenAccounts.get(account);
	}
	rememberUnseen(account: string, unseen: Unseen): void {
		this.unseenAccounts.set(account, unseen);
	}
	forgetUnseen(account: string): void {
		this.unseenAccounts.delete(account);
	}
	usualSeconds(): number | undefined {
		return this.seconds.at(-1);
	}
	tookSeconds(seconds: number): void {
		this.seconds.push(seconds);
	}
}

export const VAULT = 'vault-0000000000000000A';

export function rowOf(name: string, members: Partial<Overview> = {}, item = `id-${name}`): KeyRow {
	const overview: Overview = {
		v: 1,
		name,
		envVars: [],
		tags: [],
		fields: [{ name: 'key', hidden: true, fingerprint: `print of value of ${name}` }],
		status: 'active',
		createdAt: 1,
		changedAt: 1,
		...members
	};
	return { vault: VAULT, item, revision: 1, overview };
}

/** A worker with an honest keyholder in it, that remembers what it was asked. */
export class FakeHost implements Host {
	readonly asked: string[] = [];
	readonly edits: KeyEdit[][] = [];
	rows: readonly KeyRow[] = [];
	/** Of an item, where it is not the one value that names its key. */
	readonly values = new Map<string, readonly Field[]>();
	ended = false;
	/** Whether this device has a memory of the account. */
	known = true;
	/** The next calls fail with this. */
	fault: Fault | undefined;
	outcome: 'unlocked' | 'wrong-password' = 'unlocked';
	saved: 'saved' | 'conflict' = 'saved';
	restoring = { done: 0, total: 1 };
	divides = false;
	/** Told to whoever waits for a step of unlocking. */
	onStep: ((step: UnlockStep) => void) | undefined;
	#held: (() => void)[] | undefined;

	constructor(readonly onLost: (fault: Fault) => void = () => undefined) {}

	/** From now on calls wait until {@link release}. */
	hold(): void {
		this.#held = [];
	}

	/** Answers what waits; later calls wait again. */
	async next(): Promise<void> {
		const held = this.#held ?? [];
		this.#held = [];
		for (const go of held) go();
		await settled();
	}

	async release(): Promise<void> {
		const held = this.#held ?? [];
		this.#held = undefined;
		for (const go of held) go();
		await settled();
	}

	async prepare(email: string) {
		await this.#ask(`prepare ${email}`);
		return { kit: 'KH1-KIT' };
	}
	async register() {
		await this.#ask('register');
		return { outcome: 'registered' } as const;
	}
	async unlock(email: string, _password: string, onStep: (step: UnlockStep) => void) {
		this.onStep = onStep;
		await this.#ask(`unlock ${email}`);
		return { outcome: this.outcome };
	}
	async lock(): Promise<void> {
		await this.#ask('lock');
	}
	async signOut(): Promise<void> {
		await this.#ask('signOut');
	}
	async view() {
		await this.#ask('view');
		return this.#view();
	}
	async refresh() {
		await this.#ask('refresh');
		return this.#view();
	}
	async read({ item }: { readonly item: string }, purpose: string): Promise<ReadResult> {
		await this.#ask(`read ${item} ${purpose}`);
		const row = this.rows.find((known) => known.item === item);
		if (row === undefined) throw new FaultError({ code: 'gone' });
		const one = [{ name: 'key', value: `value of ${row.overview.name}` }];
		const fields = this.values.get(item) ?? one;
		return { row, secret: { v: 1, fields } };
	}
	async save(edits: readonly KeyEdit[]) {
		await this.#ask('save');
		this.edits.push([...edits]);
		if (this.saved === 'conflict') return { outcome: 'conflict' } as const;
		const keys = edits.flatMap((edit, index) => this.#apply(edit, index));
		return { outcome: 'saved', keys, beside: [] } as const;
	}
	async saveSettings() {
		await this.#ask('saveSettings');
		return { outcome: 'saved', keys: [], beside: [] } as const;
	}
	async proveExport(password: string) {
		await this.#ask('proveExport');
		return { outcome: password === 'right' ? 'proved' : 'wrong-password' } as const;
	}
	async makeBackup(_passphrase: string, onStep: Parameters<Host['makeBackup']>[1]) {
		onStep({ step: 'reading', done: 0, total: this.rows.length });
		await this.#ask('makeBackup');
		return { file: new Uint8Array([1, 2, 3]), keys: this.rows.length };
	}
	async openBackup(_file: Uint8Array, passphrase: string) {
		await this.#ask('openBackup');
		if (passphrase !== 'right') return { outcome: 'wrong-passphrase' } as const;
		const row = { vault: 'Personal', overview: rowOf('new').overview, kind: 'new' } as const;
		const counts = { new: 1, beside: 0, same: 0 };
		return { outcome: 'opened', preview: { madeAt: 1, rows: [row], counts, commits: 1 } } as const;
	}
	async restoreBackup(onStep: Parameters<Host['restoreBackup']>[0]) {
		onStep({ step: 'restoring', ...this.restoring });
		await this.#ask('restoreBackup');
		if (this.saved === 'conflict') return { outcome: 'conflict' } as const;
		if (this.divides) {
			const counts = { new: 1, beside: 0, same: 0 };
			return { outcome: 'divided', preview: { madeAt: 1, rows: [], counts, commits: 2 } } as const;
		}
		this.rows = [...this.rows, rowOf('new')];
		return { outcome: 'restored' } as const;
	}
	async stopBackup(): Promise<void> {
		await this.#ask('stopBackup');
	}
	async fingerprint(_vault: string, value: string) {
		await this.#ask('fingerprint');
		return `print of ${value}`;
	}
	async forgetAccount(email: string): Promise<void> {
		await this.#ask(`forgetAccount ${email}`);
	}
	end(): void {
		this.ended = true;
	}

	#view(): AccountView {
		const vault = { id: VAULT, name: 'Personal', seq: 1, keys: this.rows, changedAtMs: 1 };
		return {
			account: 'account',
			email: 'ada@example.org',
			known: this.known,
			verifiedAtMs: 1,
			vaults: [vault],
			settings: { v: 1, vaults: {} }
		};
	}

	#apply(edit: KeyEdit, index: number): KeyRow[] {
		if (edit.kind === 'drop') {
			this.rows = this.rows.filter(({ item }) => item !== edit.base.item);
			return [];
		}
		const item = edit.kind === 'add' ? `added-${this.rows.length}-${index}` : edit.base.item;
		const row = { vault: VAULT, item, revision: 2, overview: edit.overview };
		this.rows = [...this.rows.filter((known) => known.item !== item), row];
		return [row];
	}

	async #ask(what: string): Promise<void> {
		this.asked.push(what);
		const held = this.#held;
		if (held !== undefined) {
			await new Promise<void>((go) => {
				held.push(go);
			});
		}
		if (this.fault !== undefined) throw new FaultError(this.fault);
	}
}

/** A session in a world that is played. */
export class World {
	readonly clock = new FakeClock();
	readonly memory = new FakeMemory();
	/** Every worker that was started, in order. */
	readonly hosts: FakeHost[] = [];
	readonly session = new Session({
		clock: this.clock,
		memory: this.memory,
		startHost: (onLost) => {
			const host = new FakeHost(onLost);
			host.rows = this.rows;
			host.known = this.known;
			if (this.holding) host.hold();
			this.hosts.push(host);
			return host;
		}
	});
	rows: readonly KeyRow[] = [];
	/** Whether this device has a memory of the account. */
	known = true;
	/** Whether workers that are started wait before every answer. */
	holding = false;

	get host(): FakeHost {
		const host = this.hosts.at(-1);
		if (host === undefined) throw new Error('no worker was started');
		return host;
	}

	async unlock(rows: readonly KeyRow[] = []): Promise<void> {
		this.rows = rows;
		const outcome = await this.session.unlock('ada@example.org', 'right');
		if (outcome !== 'unlocked') throw new Error(`it answered ${outcome}`);
	}

	fail(code: FaultCode): void {
		this.host.fault = { code };
	}
}

/** Lets everything go on that waits for nothing but its turn. */
export async function settled(): Promise<void> {
	for (let i = 0; i < 20; i++) await Promise.resolve();
}
