/** The worker with the keys, as the page meets it. */
import type { ActivityQuery } from '#lib/api/activity.ts';
import type { EmailChangeState } from '#lib/api/email-changes.ts';
import type { ErasureState } from '#lib/api/erasures.ts';
import type { SecondFactorState } from '#lib/api/second-factor.ts';
import type { ListedSession } from '#lib/api/sessions.ts';
import { FaultError, type Fault, type FaultCode } from '#lib/browser/fault.ts';
import type { Host } from '#lib/browser/host.ts';
import type { ActivityNote } from '#lib/items/activity-note.ts';
import type { Field, PreviousValue, Settings } from '#lib/items/key.ts';
import type {
	AccountView,
	ActivityPage,
	ChangeOutcome,
	EmailOutcome,
	KeyEdit,
	KeyRow,
	NewPasskey,
	PasskeyRequest,
	ReadResult,
	RegisterOutcome,
	RestoredState,
	RotationPlan,
	SlotView,
	UnlockOutcome,
	UnlockStep
} from '#lib/keyholder/views.ts';
import { FakeFiles } from './fake-files.ts';
import { VAULT } from './keys.ts';

/** A worker with an honest keyholder in it, that remembers what it was asked. */
export class FakeHost extends FakeFiles implements Host {
	readonly edits: KeyEdit[][] = [];
	/** Of an item, where it is not the one value that names its key. */
	readonly values = new Map<string, readonly Field[]>();
	/** Of an item: the values that it had before. */
	readonly previous = new Map<string, readonly PreviousValue[]>();
	ended = false;
	/** Whether this device has a memory of the account. */
	known = true;
	settings: Settings = { v: 1, vaults: {} };
	outcome: UnlockOutcome['outcome'] = 'unlocked';
	/** Of the next code; any other than this one is wrong. */
	code = '123456';
	registered: RegisterOutcome['outcome'] = 'registered';
	/** The vault in which edits meet a fault or a lost race. */
	refusing: { readonly vault: string; readonly by: FaultCode | 'conflict' } | undefined;
	/** Of what changes a way in, if the password is right. */
	change: ChangeOutcome['outcome'] = 'changed';
	/** What comes of what another tab has lent. */
	lent: Awaited<ReturnType<Host['resume']>>['outcome'] = 'unlocked';
	unlockedBy: AccountView['unlockedBy'] = 'password';
	/** As the view shows it. */
	email = 'ada@example.org';
	slots: readonly SlotView[] = [
		{ id: 'slot-password', kind: 'password', profile: 1, createdAtMs: 1 },
		{ id: 'slot-recovery', kind: 'recovery', createdAtMs: 1 }
	];
	listedSessions: readonly ListedSession[] = [
		{
			id: 'session-this',
			client: 'web',
			device: 'Firefox on Linux',
			createdAtMs: 1,
			usedAtMs: 2,
			current: true
		}
	];
	factor: SecondFactorState = { on: false, backupCodes: 0 };
	emailState: EmailChangeState = { state: 'none' };
	/** Whether the server sends mail. */
	mails = true;
	/** On which days. */
	reminded: string[] = [];
	erasureState: ErasureState = {};
	restoredState: RestoredState = {
		servedSeq: 3,
		pinnedSeq: 5,
		changedAtMs: 1,
		keys: 2,
		rotates: false
	};
	rotated: 'rotated' | 'conflict' = 'rotated';
	readonly keptPasskeys = new Set<string>();
	/** By their ids, in the order of their making. */
	readonly vaultNames = new Map([[VAULT, 'Personal']]);
	/** Of the next keys that are moved: how many another device has changed meanwhile. */
	left = 0;
	/** Told to whoever waits for a step of unlocking. */
	onStep: ((step: UnlockStep) => void) | undefined;

	constructor(readonly onLost: (fault: Fault) => void = () => undefined) {
		super();
	}

	async prepare(email: string) {
		await this.ask(`prepare ${email}`);
		return { kit: 'KH1-KIT' };
	}
	async register() {
		await this.ask('register');
		return { outcome: this.registered };
	}
	async unlock(email: string, _password: string, onStep: (step: UnlockStep) => void) {
		this.onStep = onStep;
		await this.ask(`unlock ${email}`);
		return { outcome: this.outcome };
	}
	async unlockWithCode(code: string, onStep: (step: UnlockStep) => void) {
		this.onStep = onStep;
		await this.ask(`unlockWithCode ${code}`);
		return { outcome: code === this.code ? 'unlocked' : 'second-factor' } as const;
	}
	async unlockWithKit(
		email: string,
		_kit: string,
		_link: unknown,
		onStep: (step: UnlockStep) => void
	) {
		this.onStep = onStep;
		await this.ask(`unlockWithKit ${email}`);
		if (this.outcome === 'unlocked') this.unlockedBy = 'recovery';
		return { outcome: this.outcome };
	}
	async askPasskey() {
		await this.ask('askPasskey');
		return passkeyRequest([]);
	}
	async unlockWithPasskey(_answer: unknown, onStep: (step: UnlockStep) => void) {
		this.onStep = onStep;
		await this.ask('unlockWithPasskey');
		if (this.outcome === 'unlocked') this.unlockedBy = 'passkey';
		return { outcome: this.outcome };
	}
	async typeEmail(email: string): Promise<EmailOutcome> {
		await this.ask(`typeEmail ${email}`);
		this.email = email;
		return { outcome: 'taken' };
	}
	async resume(onStep: (step: UnlockStep) => void) {
		this.onStep = onStep;
		await this.ask('resume');
		return { outcome: this.lent };
	}
	async lock(alone = false): Promise<void> {
		await this.ask(alone ? 'lock alone' : 'lock');
	}
	async signOut(): Promise<void> {
		await this.ask('signOut');
	}
	async view() {
		await this.ask('view');
		return this.#view();
	}
	async refresh() {
		await this.ask('refresh');
		return this.#view();
	}
	async read({ item }: { readonly item: string }, purpose: string): Promise<ReadResult> {
		await this.ask(`read ${item} ${purpose}`);
		const row = this.rows.find((known) => known.item === item);
		if (row === undefined) throw new FaultError({ code: 'gone' });
		const one = [{ name: 'key', value: `value of ${row.overview.name}` }];
		const fields = this.values.get(item) ?? one;
		const previous = this.previous.get(item);
		return { row, secret: { v: 1, fields, ...(previous === undefined ? {} : { previous }) } };
	}
	async save(edits: readonly KeyEdit[]) {
		await this.ask('save');
		this.edits.push([...edits]);
		const refusal = edits.some((edit) => vaultOf(edit) === this.refusing?.vault)
			? this.refusing?.by
			: undefined;
		if (this.saved === 'conflict' || refusal === 'conflict') {
			return { outcome: 'conflict' } as const;
		}
		if (refusal !== undefined) throw new FaultError({ code: refusal });
		const made = edits.filter((edit) => edit.kind !== 'change' || !this.#gaveWay(edit));
		const keys = made.flatMap((edit, index) => this.#apply(edit, index));
		return { outcome: 'saved', keys, beside: [] } as const;
	}
	async saveSettings(settings: Settings) {
		await this.ask('saveSettings');
		if (this.saved === 'conflict') return { outcome: 'conflict' } as const;
		this.settings = settings;
		return { outcome: 'saved', keys: [], beside: [] } as const;
	}
	async makeVault(name: string) {
		await this.ask(`makeVault ${name}`);
		if (this.saved === 'conflict') return { outcome: 'conflict' } as const;
		const vault = `vault-${this.vaultNames.size}`;
		this.vaultNames.set(vault, name);
		return { outcome: 'made', vault } as const;
	}
	async renameVault(vault: string, name: string) {
		await this.ask(`renameVault ${vault} ${name}`);
		if (this.saved === 'conflict') return { outcome: 'conflict' } as const;
		this.vaultNames.set(vault, name);
		return { outcome: 'saved', keys: [], beside: [] } as const;
	}
	async dropVault(vault: string, seq: number) {
		await this.ask(`dropVault ${vault} ${seq}`);
		if (this.saved === 'conflict') return { outcome: 'conflict' } as const;
		this.vaultNames.delete(vault);
		this.rows = this.rows.filter((row) => row.vault !== vault);
		return { outcome: 'dropped' } as const;
	}
	async moveKeys(rows: readonly KeyRow[], target: string) {
		await this.ask(`moveKeys ${rows.map(({ item }) => item).join()} ${target}`);
		if (this.saved === 'conflict') return { outcome: 'conflict' } as const;
		const gone = new Set(rows.map(({ item }) => item));
		const keys = rows.map((row) => ({ ...row, vault: target, item: `${row.item}-${target}` }));
		this.rows = [...this.rows.filter(({ item }) => !gone.has(item)), ...keys];
		return { outcome: 'moved', keys, left: this.left } as const;
	}
	async prove(password: string) {
		await this.ask('prove');
		if (password === 'right') this.unproved = false;
		return { outcome: password === 'right' ? 'proved' : 'wrong-password' } as const;
	}
	async changePassword(current: string, _next: string, code?: string) {
		return await this.#change('changePassword', current, code);
	}
	async offerPasskey() {
		await this.ask('offerPasskey');
		return {
			challenge: new Uint8Array(32),
			prfInput: new Uint8Array(32),
			userHandle: new Uint8Array(16),
			userName: this.email,
			excluded: []
		};
	}
	async addPasskey(
		{ name, prf }: Pick<NewPasskey, 'name' | 'prf'>,
		password: string,
		code?: string
	) {
		// It moves to the worker.
		structuredClone(prf.buffer, { transfer: [prf.buffer] });
		const changed = await this.#change(`addPasskey ${name}`, password, code);
		const id = `slot-passkey-${this.slots.length}`;
		if (changed.outcome === 'changed') {
			this.slots = [...this.slots, { id, kind: 'passkey', createdAtMs: 1, name }];
		}
		return changed;
	}
	async renamePasskey(slot: string, name: string) {
		await this.ask(`renamePasskey ${slot} ${name}`);
		this.slots = this.slots.map((each) => (each.id === slot ? { ...each, name } : each));
		return { outcome: 'saved', keys: [], beside: [] } as const;
	}
	async planRotation(choice: { readonly password?: string; readonly nextPassword?: string }) {
		await this.ask('planRotation');
		if (choice.password !== undefined && choice.password !== 'right') {
			return { outcome: 'wrong-password' } as const;
		}
		this.keptPasskeys.clear();
		return { outcome: 'planned', plan: this.#plan() } as const;
	}
	async askKeptPasskey(slot: string) {
		await this.ask(`askKeptPasskey ${slot}`);
		return passkeyRequest([new Uint8Array([1])]);
	}
	async keepPasskey(slot: string) {
		await this.ask(`keepPasskey ${slot}`);
		this.keptPasskeys.add(slot);
		return this.#plan();
	}
	async rotate(onStep: Parameters<Host['rotate']>[0]) {
		onStep({ step: 'reading', done: 0, total: this.rows.length });
		await this.ask('rotate');
		if (this.rotated === 'rotated') {
			this.slots = this.#plan().kept;
			this.unlockedBy = 'password';
		}
		return { outcome: this.rotated };
	}
	async dropRotation(): Promise<void> {
		await this.ask('dropRotation');
	}
	async sessions() {
		await this.ask('sessions');
		return this.listedSessions;
	}
	async endSession(id: string): Promise<void> {
		await this.ask(`endSession ${id}`);
		this.listedSessions = this.listedSessions.filter((session) => session.id !== id);
	}
	async endOtherSessions(): Promise<void> {
		await this.ask('endOtherSessions');
		this.listedSessions = this.listedSessions.filter(({ current }) => current);
	}
	async secondFactor() {
		await this.ask('secondFactor');
		return this.factor;
	}
	async askSecondFactorSeed() {
		await this.ask('askSecondFactorSeed');
		const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
		return { seed, address: `otpauth://totp/Keyhold:ada%40example.org?secret=${seed}` };
	}
	async turnSecondFactorOn(code: string) {
		await this.ask(`turnSecondFactorOn ${code}`);
		if (code !== this.code) return { outcome: 'wrong-code' } as const;
		this.factor = { on: true, backupCodes: 10 };
		const backupCodes = Array.from({ length: 10 }, (_, index) => `ABCDEFGH0${index}`);
		return { outcome: 'on', backupCodes } as const;
	}
	async turnSecondFactorOff(code: string) {
		await this.ask(`turnSecondFactorOff ${code}`);
		if (code !== this.code) return { outcome: 'wrong-code' } as const;
		this.factor = { on: false, backupCodes: 0 };
		return { outcome: 'off' } as const;
	}
	async reminders() {
		await this.ask('reminders');
		return { mail: this.mails, days: this.reminded };
	}
	async setReminders(days: readonly string[]) {
		await this.ask(`setReminders ${days.join(' ')}`);
		this.reminded = [...days];
		return { mail: this.mails, days: this.reminded };
	}
	async emailChange() {
		await this.ask('emailChange');
		return this.emailState;
	}
	async askEmailChange(email: string): Promise<EmailChangeState> {
		await this.ask(`askEmailChange ${email}`);
		if (!this.mails) return { state: 'none' };
		this.emailState = { state: 'waiting', email, oldConfirmed: false, newConfirmed: false };
		return this.emailState;
	}
	async changeEmail(email: string, password: string, code?: string) {
		const changed = await this.#change(`changeEmail ${email}`, password, code);
		if (changed.outcome === 'changed') this.email = email;
		return changed;
	}
	async dropAccount(): Promise<void> {
		await this.ask('dropAccount');
	}
	async erasure() {
		await this.ask('erasure');
		return this.erasureState;
	}
	async lookAtRestore(email: string, password: string) {
		await this.ask(`lookAtRestore ${email}`);
		if (password !== 'right') return { outcome: 'wrong-password' } as const;
		return { outcome: 'found', state: this.restoredState } as const;
	}
	async acceptRestore() {
		await this.ask('acceptRestore');
		return { outcome: this.saved === 'saved' ? 'accepted' : 'conflict' } as const;
	}
	notes: ActivityNote[] = [];
	counts: [number, number][] = [];
	/** Pages in the order in which they are asked for. */
	pageOf: ((page: number) => ActivityPage) | undefined;
	#pages = 0;
	log: ActivityPage = { lines: [], more: false, devices: [] };
	async activity(query: ActivityQuery) {
		await this.ask(`activity ${JSON.stringify(query)}`);
		return this.pageOf?.(this.#pages++) ?? this.log;
	}
	async activityCounts(query: ActivityQuery): Promise<[number, number][]> {
		await this.ask(`activityCounts ${JSON.stringify(query)}`);
		return this.counts;
	}
	note(_vault: string, note: ActivityNote): Promise<void> {
		this.notes.push(note);
		return Promise.resolve();
	}
	async fingerprint(_vault: string, value: string) {
		await this.ask('fingerprint');
		return `print of ${value}`;
	}
	async forgetAccount(email: string): Promise<void> {
		await this.ask(`forgetAccount ${email}`);
	}
	end(): void {
		this.ended = true;
	}

	#view(): AccountView {
		const vaults = [...this.vaultNames].map(([id, name]) => {
			const keys = this.rows.filter(({ vault }) => vault === id);
			return { id, name, seq: 1, keys, changedAtMs: 1, verifiedAtMs: 1 };
		});
		return {
			account: 'account',
			email: this.email,
			slots: this.slots,
			unlockedBy: this.unlockedBy,
			known: this.known,
			verifiedAtMs: 1,
			vaults,
			settings: this.settings
		};
	}

	/** The kit is new in every rotation; passkeys go unless they were touched. */
	#plan(): RotationPlan {
		const kept = ({ id, kind }: SlotView) => kind !== 'passkey' || this.keptPasskeys.has(id);
		return {
			kit: 'KH1-NEW-KIT',
			keys: this.rows.length,
			dropped: this.slots.filter((slot) => !kept(slot)),
			kept: this.slots.filter(kept)
		};
	}

	async #change(what: string, password: string, code?: string): Promise<ChangeOutcome> {
		await this.ask(what);
		if (password !== 'right') return { outcome: 'wrong-password' };
		if (this.factor.on && code !== this.code) return { outcome: 'second-factor' };
		return { outcome: this.change };
	}

	#gaveWay({ base, yields }: Extract<KeyEdit, { kind: 'change' }>): boolean {
		const now = this.rows.find(({ item }) => item === base.item);
		return yields === true && now?.revision !== base.revision;
	}

	#apply(edit: KeyEdit, index: number): KeyRow[] {
		if (edit.kind === 'drop') {
			this.rows = this.rows.filter(({ item }) => item !== edit.base.item);
			return [];
		}
		const item = edit.kind === 'add' ? `added-${this.rows.length}-${index}` : edit.base.item;
		const vault = vaultOf(edit);
		if (edit.kind === 'change' && edit.secret !== undefined) {
			this.values.set(item, edit.secret.fields);
			this.previous.set(item, edit.secret.previous ?? []);
		}
		const row = { vault, item, revision: 2, overview: edit.overview };
		this.rows = [...this.rows.filter((known) => known.item !== item), row];
		return [row];
	}
}

function vaultOf(edit: KeyEdit): string {
	return edit.kind === 'add' ? edit.vault : edit.base.vault;
}

function passkeyRequest(allowed: PasskeyRequest['allowed']): PasskeyRequest {
	return { challenge: new Uint8Array(32), prfInput: new Uint8Array(32), allowed };
}
