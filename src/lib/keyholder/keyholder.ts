/**
 * The keyholder: an account while it is unlocked. It holds the keys, verifies everything that is
 * received, and makes every commit. Nobody else sees a key, and nothing that it did not verify is
 * shown. Norm: docs/protocol.md; the layers below it in docs/architecture.md.
 *
 * Operations run one after another. What the server cannot have got wrong by accident ends all
 * speaking with it until the account is unlocked anew; what was verified before stays in view.
 */
import { routes } from '#lib/api/routes.ts';
import type { Id } from '#lib/api/wire.ts';
import type { Settings } from '#lib/items/key.ts';
import { newSettings } from '#lib/items/settings.ts';
import { saveSettings } from '#lib/keyholder/account-commits.ts';
import { Commits } from '#lib/keyholder/commits.ts';
import { isFinal, KeyholderError, keyholderError } from '#lib/keyholder/errors.ts';
import { proveExport, readAll, type ExportProof } from '#lib/keyholder/exporting.ts';
import { Holding } from '#lib/keyholder/holding.ts';
import { Life } from '#lib/keyholder/life.ts';
import { Link } from '#lib/keyholder/link.ts';
import {
	FIRST_VAULT_NAME,
	vaultOf,
	viewOf,
	wipe,
	type OpenAccount
} from '#lib/keyholder/open-account.ts';
import { unlockAccount } from '#lib/keyholder/opening.ts';
import { emailHash } from '#lib/keyholder/pins.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import { readSecret } from '#lib/keyholder/reading.ts';
import { registerAccount } from '#lib/keyholder/registering.ts';
import { prepareAccount, type Prepared } from '#lib/keyholder/registration.ts';
import { readEmail, readTyped } from '#lib/keyholder/typed.ts';
import type {
	AccountView,
	KeyEdit,
	KeyRef,
	OpenedVault,
	ProveOutcome,
	ReadResult,
	RegisterOutcome,
	SaveResult,
	UnlockOutcome,
	UnlockStep
} from '#lib/keyholder/views.ts';
import { fingerprint } from '#lib/protocol/fingerprint.ts';

interface Held {
	readonly holding: Holding;
	readonly commits: Commits;
	proof?: ExportProof | undefined;
}

export class Keyholder {
	readonly #ports: Ports;
	#life = new Life();
	#held: Held | undefined;
	#prepared: { readonly account: Prepared; sentBefore: boolean } | undefined;

	constructor(ports: Ports) {
		this.#ports = ports;
	}

	/**
	 * Makes a whole account on this device. Nothing is sent: {@link register} does, once the person
	 * has the kit.
	 *
	 * @throws {KeyholderError} `invalid` if it is no email, or no password that may be set.
	 */
	async prepare(email: string, password: string): Promise<{ readonly kit: string }> {
		const link = this.#begin();
		return await run(link.life, async () => {
			const account = await prepareAccount(link, email, password);
			link.life.check();
			this.#prepared = { account, sentBefore: false };
			return { kit: account.kit };
		});
	}

	/**
	 * Registers what was prepared and unlocks it. If an answer is lost, it may be asked for again.
	 *
	 * @throws {KeyholderError} `locked` if nothing is prepared.
	 */
	async register(): Promise<RegisterOutcome> {
		const link = this.#link();
		return await run(link.life, async () => {
			const prepared = this.#prepared;
			if (prepared === undefined) throw new KeyholderError('locked', 'nothing is prepared');
			const { account, sentBefore } = prepared;
			prepared.sentBefore = true;
			const answered = await registerAccount(link, account, sentBefore);
			if (answered === 'taken' || answered === 'closed') {
				prepared.sentBefore = sentBefore;
				return { outcome: answered };
			}
			const holding = this.#hold(link, answered);
			this.#dropPrepared();
			await nameFirstVault(holding);
			return { outcome: 'registered' };
		});
	}

	/**
	 * Unlocks, in the order of docs/protocol.md, 9; what was unlocked before is locked first.
	 *
	 * @param onStep told how far it has come.
	 * @throws {KeyholderError} any code; pins are as they were then.
	 */
	async unlock(
		email: string,
		password: string,
		onStep: (step: UnlockStep) => void = () => undefined
	): Promise<UnlockOutcome> {
		const link = this.#begin();
		return await run(link.life, async () => {
			const open = await unlockAccount(link, readTyped(email, password), onStep);
			if (open === undefined) return { outcome: 'wrong-password' };
			this.#hold(link, open);
			return { outcome: 'unlocked' };
		});
	}

	/** Forgets and overwrites every key. What is under way ends with `locked` and sends nothing more. */
	lock(): void {
		this.#life.end();
		this.#dropPrepared();
		const held = this.#held;
		this.#held = undefined;
		if (held === undefined) return;
		held.proof?.end();
		wipe(held.holding.open);
	}

	/**
	 * Locks, then ends the session. Pins stay.
	 *
	 * @throws {KeyholderError} if the server could not be told; it is locked all the same.
	 */
	async signOut(): Promise<void> {
		const link = this.#begin();
		await run(link.life, () => link.call(routes.signOut));
	}

	/** Forgets on this device which account the email means. */
	async forget(email: string): Promise<void> {
		await this.#ports.pins.forget(await emailHash(readEmail(email).email));
	}

	/** @throws {KeyholderError} `locked` */
	view(): AccountView {
		return viewOf(this.#need().holding.open);
	}

	/** Fetches and verifies what other devices have written since. */
	async refresh(): Promise<AccountView> {
		const { holding } = this.#need();
		return await run(holding.link.life, async () => {
			await holding.refresh();
			return viewOf(holding.open);
		});
	}

	/**
	 * Fetches one secret, verifies and opens it. It is not kept. The row is the one that it belongs to,
	 * so that fields are found by their names as they are now.
	 *
	 * @param purpose what the server writes in its log.
	 * @throws {KeyholderError} `gone` if the key was deleted, `integrity` if it is not genuine.
	 */
	async read(ref: KeyRef, purpose: 'copy' | 'reveal' | 'edit'): Promise<ReadResult> {
		const { holding } = this.#need();
		return await run(holding.link.life, () => readSecret(holding, ref, purpose));
	}

	/**
	 * Saves edits of one vault in one commit. Fills in the values' fingerprints, and the
	 * moments that an overview leaves open.
	 *
	 * @throws {KeyholderError} `invalid`, `too-large`, `full`, `gone`: nothing was written.
	 * `offline`, `failed`: it is not known; saving the same again does not write it twice.
	 */
	async save(edits: readonly KeyEdit[]): Promise<SaveResult> {
		const { holding, commits } = this.#need();
		return await run(holding.link.life, () => commits.save(edits));
	}

	/**
	 * Saves what was changed from `base`, the settings that a form was opened with, to `settings`.
	 * What other devices changed since then stays.
	 */
	async saveSettings(settings: Settings, base: Settings): Promise<SaveResult> {
		const { holding } = this.#need();
		return await run(holding.link.life, () => saveSettings(holding, settings, base));
	}

	/** Asks for the password once more, so that {@link readAll} may read; for ten minutes. */
	async proveExport(password: string): Promise<ProveOutcome> {
		const held = this.#need();
		return await run(held.holding.link.life, async () => {
			const proof = await proveExport(held.holding, password);
			if (this.#held !== held) proof?.end();
			if (proof === undefined) return { outcome: 'wrong-password' };
			held.proof?.end();
			held.proof = proof;
			return { outcome: 'proved' };
		});
	}

	/**
	 * Opens every key, for a backup.
	 *
	 * @throws {KeyholderError} `proof` unless {@link proveExport} was answered in the last ten minutes.
	 */
	async readAll(
		onProgress: (done: number, total: number) => void = () => undefined
	): Promise<readonly OpenedVault[]> {
		const held = this.#need();
		return await run(held.holding.link.life, async () => {
			if (held.proof === undefined) throw new KeyholderError('proof', 'the password is needed');
			return await readAll(held.holding, held.proof, onProgress);
		});
	}

	/** What a field's fingerprint would be if it had this value: to find a key that is already there. */
	async fingerprint(vault: Id, value: string): Promise<string> {
		const { holding } = this.#need();
		const { keys } = vaultOf(holding.open, vault).place;
		return await run(holding.link.life, () => fingerprint(keys.fingerprint, value));
	}

	#begin(): Link {
		this.lock();
		this.#life = new Life();
		return this.#link();
	}

	#link(): Link {
		return new Link(this.#ports, this.#life);
	}

	/** Holds what was opened, or wipes it if it was locked meanwhile. */
	#hold(link: Link, open: OpenAccount): Holding {
		try {
			link.life.check();
		} catch (error) {
			wipe(open);
			throw error;
		}
		const holding = new Holding(link, open);
		this.#held = { holding, commits: new Commits(holding) };
		return holding;
	}

	#need(): Held {
		if (this.#held === undefined) throw new KeyholderError('locked', 'locked');
		return this.#held;
	}

	#dropPrepared(): void {
		this.#prepared?.account.keys.kek.fill(0);
		this.#prepared = undefined;
	}
}

/** Runs `work` in its turn. What it throws is a {@link KeyholderError}; a final one stops this life. */
async function run<T>(life: Life, work: () => Promise<T>): Promise<T> {
	return await life.queue(async () => {
		try {
			return await work();
		} catch (error) {
			const found = keyholderError(error);
			if (found instanceof KeyholderError && isFinal(found)) life.stop(found);
			throw found;
		}
	});
}

/** The account is there even if its settings could not be written; then the vault has its first name. */
async function nameFirstVault(holding: Holding): Promise<void> {
	const [vault] = holding.open.vaults.keys();
	if (vault === undefined) return;
	try {
		await saveSettings(holding, newSettings(vault, FIRST_VAULT_NAME), undefined);
	} catch (error) {
		const found = keyholderError(error);
		if (!(found instanceof KeyholderError) || isFinal(found)) throw found;
	}
}
