/** {@link Host} by a worker: every call handed on, its answers made values or exceptions again. */
import { proxy, transfer } from 'comlink';
import type { ActivityQuery } from '#lib/api/activity.ts';
import type { Id } from '#lib/api/wire.ts';
import type { Fault } from '#lib/browser/fault.ts';
import type { Host, ReadPurpose, StartHost } from '#lib/browser/host.ts';
import type { PageLender } from '#lib/browser/page-lender.ts';
import { WorkerChannel } from '#lib/browser/worker-channel.ts';
import { WorkerFiles } from '#lib/browser/worker-files.ts';
import { ViewReader } from '#lib/browser/workers/view-slices.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { ActivityNote } from '#lib/items/activity-note.ts';
import type { Settings } from '#lib/items/key.ts';
import type {
	AccountView,
	Admission,
	KeyEdit,
	KeyRef,
	KeyRow,
	NewPasskey,
	PasskeyAnswer,
	RotationStep,
	UnlockStep
} from '#lib/keyholder/views.ts';

export function workerHosts(lender: PageLender): StartHost {
	return (onLost) => new WorkerHost(onLost, lender);
}

type OnStep = (step: UnlockStep) => void;

class WorkerHost extends WorkerFiles implements Host {
	readonly #channel: WorkerChannel;
	/** Whether what was lent stays when the worker ends. */
	#keeps = false;
	readonly #views = new ViewReader({
		head: () => this.#channel.ask((calls) => calls.view()),
		rows: (...where) => this.#channel.until((calls) => calls.rows(...where))
	});

	constructor(onLost: (fault: Fault) => void, lender: PageLender) {
		const channel = new WorkerChannel(onLost, lender);
		super(channel);
		this.#channel = channel;
	}

	prepare(email: string, password: string) {
		return this.#channel.ask((calls) => calls.prepare(email, password));
	}

	register(admission?: Admission) {
		return this.#channel.ask((calls) => calls.register(admission));
	}

	unlock(email: string, password: string, onStep: OnStep) {
		return this.#channel.ask((calls) => calls.unlock(email, password, proxy(onStep)));
	}

	unlockWithCode(code: string, onStep: OnStep) {
		return this.#channel.ask((calls) => calls.unlockWithCode(code, proxy(onStep)));
	}

	unlockWithKit(email: string, kit: string, link: Bytes | undefined, onStep: OnStep) {
		return this.#channel.ask((calls) => calls.unlockWithKit(email, kit, link, proxy(onStep)));
	}

	askPasskey() {
		return this.#channel.ask((calls) => calls.askPasskey());
	}

	unlockWithPasskey(answer: PasskeyAnswer, onStep: OnStep) {
		return this.#channel.ask((calls) => calls.unlockWithPasskey(handedOver(answer), proxy(onStep)));
	}

	typeEmail(email: string) {
		return this.#channel.ask((calls) => calls.typeEmail(email));
	}

	resume(onStep: OnStep) {
		return this.#channel.ask((calls) => calls.resume(proxy(onStep)));
	}

	async lock(alone = false): Promise<void> {
		this.#keeps = alone;
		await this.#channel.until((calls) => calls.lock(alone));
	}

	async signOut(): Promise<void> {
		await this.#channel.ask((calls) => calls.signOut());
	}

	async view(): Promise<AccountView> {
		return await this.#views.read();
	}

	async refresh(): Promise<AccountView> {
		await this.#channel.ask((calls) => calls.refresh());
		return await this.view();
	}

	read(ref: KeyRef, purpose: ReadPurpose) {
		return this.#channel.ask((calls) => calls.read(ref, purpose));
	}

	save(edits: readonly KeyEdit[]) {
		return this.#channel.ask((calls) => calls.save(edits));
	}

	saveSettings(settings: Settings, base: Settings) {
		return this.#channel.ask((calls) => calls.saveSettings(settings, base));
	}

	makeVault(name: string) {
		return this.#channel.ask((calls) => calls.makeVault(name));
	}

	renameVault(vault: Id, name: string) {
		return this.#channel.ask((calls) => calls.renameVault(vault, name));
	}

	dropVault(vault: Id, seq: number) {
		return this.#channel.ask((calls) => calls.dropVault(vault, seq));
	}

	moveKeys(rows: readonly KeyRow[], target: Id) {
		return this.#channel.ask((calls) => calls.moveKeys(rows, target));
	}

	prove(password: string) {
		return this.#channel.ask((calls) => calls.prove(password));
	}

	changePassword(current: string, next: string, code?: string) {
		return this.#channel.ask((calls) => calls.changePassword(current, next, code));
	}

	offerPasskey() {
		return this.#channel.ask((calls) => calls.offerPasskey());
	}

	addPasskey(passkey: NewPasskey, password: string, code?: string) {
		return this.#channel.ask((calls) => calls.addPasskey(handedOver(passkey), password, code));
	}

	renamePasskey(slot: Id, name: string) {
		return this.#channel.ask((calls) => calls.renamePasskey(slot, name));
	}

	planRotation(choice: Parameters<Host['planRotation']>[0]) {
		return this.#channel.ask((calls) => calls.planRotation(choice));
	}

	askKeptPasskey(slot: Id) {
		return this.#channel.ask((calls) => calls.askKeptPasskey(slot));
	}

	keepPasskey(slot: Id, answer: PasskeyAnswer) {
		return this.#channel.ask((calls) => calls.keepPasskey(slot, handedOver(answer)));
	}

	rotate(onStep: (step: RotationStep) => void) {
		return this.#channel.ask((calls) => calls.rotate(proxy(onStep)));
	}

	dropRotation() {
		return this.#channel.ask((calls) => calls.dropRotation());
	}

	sessions() {
		return this.#channel.ask((calls) => calls.sessions());
	}

	endSession(id: Id) {
		return this.#channel.ask((calls) => calls.endSession(id));
	}

	endOtherSessions() {
		return this.#channel.ask((calls) => calls.endOtherSessions());
	}

	secondFactor() {
		return this.#channel.ask((calls) => calls.secondFactor());
	}

	askSecondFactorSeed() {
		return this.#channel.ask((calls) => calls.askSecondFactorSeed());
	}

	turnSecondFactorOn(code: string) {
		return this.#channel.ask((calls) => calls.turnSecondFactorOn(code));
	}

	turnSecondFactorOff(code: string) {
		return this.#channel.ask((calls) => calls.turnSecondFactorOff(code));
	}

	reminders() {
		return this.#channel.ask((calls) => calls.reminders());
	}

	setReminders(days: readonly string[]) {
		return this.#channel.ask((calls) => calls.setReminders(days));
	}

	emailChange() {
		return this.#channel.ask((calls) => calls.emailChange());
	}

	askEmailChange(email: string) {
		return this.#channel.ask((calls) => calls.askEmailChange(email));
	}

	changeEmail(email: string, password: string, code?: string) {
		return this.#channel.ask((calls) => calls.changeEmail(email, password, code));
	}

	dropAccount() {
		return this.#channel.ask((calls) => calls.dropAccount());
	}

	erasure() {
		return this.#channel.ask((calls) => calls.erasure());
	}

	lookAtRestore(email: string, password: string, code?: string) {
		return this.#channel.ask((calls) => calls.lookAtRestore(email, password, code));
	}

	acceptRestore(onStep: (step: RotationStep) => void) {
		return this.#channel.ask((calls) => calls.acceptRestore(proxy(onStep)));
	}

	activity(query: ActivityQuery) {
		return this.#channel.ask((calls) => calls.activity(query));
	}

	activityCounts(query: ActivityQuery) {
		return this.#channel.ask((calls) => calls.activityCounts(query));
	}

	async note(vault: Id, note: ActivityNote): Promise<void> {
		await this.#channel.ask((calls) => calls.note(vault, note));
	}

	fingerprint(vault: Id, value: string) {
		return this.#channel.ask((calls) => calls.fingerprint(vault, value));
	}

	async forgetAccount(email: string): Promise<void> {
		await this.#channel.ask((calls) => calls.forgetAccount(email));
	}

	end(): void {
		this.#channel.end(this.#keeps);
	}
}

/** The PRF result opens the account: it moves to the worker, and none stays on the page. */
function handedOver<Answer extends { readonly prf: Bytes }>(answer: Answer): Answer {
	return transfer(answer, [answer.prf.buffer]);
}
