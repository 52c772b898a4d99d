/**
 * What the page may ask of the worker with the keys. Every call answers with a value or a fault.
 *
 * Secrets cross in five answers only: `prepare`, and a rotation's plan, give a recovery kit, for the
 * person to keep (it opens the account, like the password that the page was typed into); `read` gives
 * the values of one key; `makeBackup` gives a file that is encrypted, `exportPlain` one that is not,
 * after the password was proved. No other answer holds a key or a value.
 */
import type { ActivityQuery } from '#lib/api/activity.ts';
import { IndexedPins } from '#lib/browser/device/pins.ts';
import type { Fault } from '#lib/browser/fault.ts';
import type { ReadPurpose } from '#lib/browser/host.ts';
import { answer } from '#lib/browser/workers/answer.ts';
import type { Derivation } from '#lib/browser/workers/argon2.worker.ts';
import { ErrandRunner } from '#lib/browser/workers/errand-runner.ts';
import type { ErrandName, Errands } from '#lib/browser/workers/errands.ts';
import { faultIn } from '#lib/browser/workers/fault-in.ts';
import { FileCalls } from '#lib/browser/workers/file-calls.ts';
import type { LendingPort } from '#lib/browser/workers/lending-port.ts';
import { resumeLent } from '#lib/browser/workers/resuming.ts';
import { ViewCutter } from '#lib/browser/workers/view-slices.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { ActivityNote } from '#lib/items/activity-note.ts';
import type { Settings } from '#lib/items/key.ts';
import { Keyholder } from '#lib/keyholder/keyholder.ts';
import type { KeyEdit, KeyRef, KeyRow, UnlockStep } from '#lib/keyholder/views.ts';

export class KeyholderCalls extends FileCalls {
	readonly #keyholder: Keyholder;
	readonly #errands: ErrandRunner;
	readonly #cutter = new ViewCutter();
	readonly #lender: LendingPort;

	constructor(origin: string, errands: Errands, lender: LendingPort) {
		const runner = new ErrandRunner(errands);
		const keyholder = new Keyholder({
			origin,
			fetch: globalThis.fetch.bind(globalThis),
			now: () => Date.now(),
			random: randomBytes,
			pins: new IndexedPins(),
			derive: (password, salt, profile) =>
				runner.ask<Bytes>('argon2', { password, salt, profile } satisfies Derivation)
		});
		super(keyholder, runner);
		this.#keyholder = keyholder;
		this.#errands = runner;
		this.#lender = lender;
	}

	/** Opens with what another tab has lent; see {@link Host.resume}. */
	resume(onStep: (step: UnlockStep) => void) {
		return answer(() => resumeLent(this.#keyholder, this.#lender, onStep), faultIn);
	}

	/** @param alone what other tabs were lent stays. */
	lock(alone = false): void {
		if (alone) this.#lender.rest();
		else this.#lender.withdraw();
		this.forgetFiles();
		this.#cutter.forget();
		this.#keyholder.lock();
	}

	signOut() {
		this.lock();
		return answer(() => this.#keyholder.signOut(), faultIn);
	}

	/** What is shown here may be opened by other tabs: after an unlock, and after every change. */
	view() {
		return answer(() => {
			const head = this.#cutter.head(this.#keyholder.view());
			// Without it they ask for the password, and nothing else is lost.
			this.#lender.lend(() => this.#keyholder.lending.lend()).catch(() => undefined);
			return head;
		}, faultIn);
	}

	/** Fetches and verifies what is new; {@link view} has it then. */
	refresh() {
		return answer(async () => {
			await this.#keyholder.refresh();
		}, faultIn);
	}

	/** See {@link ViewCutter.rows}. */
	rows(...where: Parameters<ViewCutter['rows']>) {
		return this.#cutter.rows(...where);
	}

	read(ref: KeyRef, purpose: ReadPurpose) {
		return answer(() => this.#keyholder.read(ref, purpose), faultIn);
	}

	save(edits: readonly KeyEdit[]) {
		return answer(() => this.#keyholder.save(edits), faultIn);
	}

	saveSettings(settings: Settings, base: Settings) {
		return answer(() => this.#keyholder.saveSettings(settings, base), faultIn);
	}

	makeVault(name: string) {
		return answer(() => this.#keyholder.vaults.make(name), faultIn);
	}

	renameVault(vault: string, name: string) {
		return answer(() => this.#keyholder.vaults.rename(vault, name), faultIn);
	}

	dropVault(vault: string, seq: number) {
		return answer(() => this.#keyholder.vaults.drop(vault, seq), faultIn);
	}

	moveKeys(rows: readonly KeyRow[], target: string) {
		return answer(() => this.#keyholder.vaults.move(rows, target), faultIn);
	}

	activity(query: ActivityQuery) {
		return answer(() => this.#keyholder.affairs.activity(query), faultIn);
	}

	activityCounts(query: ActivityQuery) {
		return answer(() => this.#keyholder.affairs.activityCounts(query), faultIn);
	}

	note(vault: string, note: ActivityNote) {
		return answer(() => this.#keyholder.affairs.note(vault, note), faultIn);
	}

	fingerprint(vault: string, value: string) {
		return answer(() => this.#keyholder.fingerprint(vault, value), faultIn);
	}

	forgetAccount(email: string) {
		return answer(() => this.#keyholder.forget(email), faultIn);
	}

	/** The page tells that an errand's worker is no more. */
	errandLost(name: ErrandName, fault: Fault): void {
		this.#errands.lose(name, fault);
	}
}
