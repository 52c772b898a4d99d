/**
 * The keyholder: an account while it is unlocked. It holds the keys, verifies everything that is
 * received, and makes every commit. Nobody else sees a key, and nothing that it did not verify is
 * shown. Norm: docs/protocol.md; the layers below it in docs/architecture.md.
 *
 * Operations run one after another. What the server cannot have got wrong by accident ends all
 * speaking with it until the account is unlocked anew; what was verified before stays in view.
 */
import { openingRoutes } from '#lib/api/opening-routes.ts';
import type { Id } from '#lib/api/wire.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Settings } from '#lib/items/key.ts';
import type { Affairs } from '#lib/keyholder/affairs.ts';
import type { Commits } from '#lib/keyholder/commits.ts';
import { Entrance } from '#lib/keyholder/entrance.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { Holder, run } from '#lib/keyholder/holder.ts';
import { Notices } from '#lib/keyholder/notices.ts';
import { vaultOf, viewOf } from '#lib/keyholder/open-account.ts';
import { emailHash } from '#lib/keyholder/pins.ts';
import { lazily, type Answering } from '#lib/keyholder/lazily.ts';
import type { Lending } from '#lib/keyholder/lending.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import { readSecret } from '#lib/keyholder/reading.ts';
import type { Sent } from '#lib/keyholder/registering.ts';
import type { Prepared } from '#lib/keyholder/registration.ts';
import type { Rotations } from '#lib/keyholder/rotations.ts';
import { readEmail } from '#lib/keyholder/typed.ts';
import type {
	AccountView,
	Admission,
	EmailOutcome,
	KeyRef,
	KeyRow,
	OpenedVault,
	PasskeyAnswer,
	PasskeyRequest,
	ProveOutcome,
	ReadResult,
	RegisterOutcome,
	SaveResult,
	UnlockOutcome,
	UnlockStep
} from '#lib/keyholder/views.ts';
import type { Vaults } from '#lib/keyholder/vaults.ts';
import type { Ways } from '#lib/keyholder/ways.ts';
import { fingerprint } from '#lib/protocol/fingerprint.ts';

type OnStep = (step: UnlockStep) => void;
const nobody: OnStep = () => undefined;

export class Keyholder {
	readonly #holder: Holder;
	readonly #entrance: Entrance;
	#prepared: { readonly account: Prepared; sent: Sent } | undefined;
	/** The ways in, as their owner changes them. */
	readonly ways: Answering<Ways>;
	readonly notices: Notices;
	/** Sessions, second factor, email, the end of the account. */
	readonly affairs: Answering<Affairs>;
	/** What replaces the account's keys, and what an operator restored. */
	readonly rotations: Answering<Rotations>;
	/** What its owner does with whole vaults. */
	readonly vaults: Answering<Vaults>;
	/** What other tabs of this browser open the account with. */
	readonly lending: Answering<Lending>;

	constructor(ports: Ports) {
		const holder = (this.#holder = new Holder(ports));
		holder.onLock(() => {
			this.#dropPrepared();
		});
		this.#entrance = new Entrance(holder);
		this.ways = lazily(async () => new (await import('#lib/keyholder/ways.ts')).Ways(holder));
		this.vaults = lazily(async () => new (await import('#lib/keyholder/vaults.ts')).Vaults(holder));
		this.notices = new Notices(holder);
		this.affairs = lazily(
			async () => new (await import('#lib/keyholder/affairs.ts')).Affairs(holder)
		);
		this.rotations = lazily(
			async () => new (await import('#lib/keyholder/rotations.ts')).Rotations(holder)
		);
		this.lending = lazily(
			async () => new (await import('#lib/keyholder/lending.ts')).Lending(holder)
		);
	}

	/**
	 * Makes a whole account on this device. Nothing is sent: {@link register} does, once the person
	 * has the kit.
	 *
	 * @throws {KeyholderError} `invalid` if it is no email, or no password that may be set.
	 */
	async prepare(email: string, password: string): Promise<{ readonly kit: string }> {
		const link = this.#holder.begin();
		return await run(link.life, async () => {
			// Who has a kit in hand may lose the connection: what sends it is here by then.
			const [{ prepareAccount }] = await Promise.all([
				import('#lib/keyholder/registration.ts'),
				import('#lib/keyholder/registering.ts')
			]);
			const account = await prepareAccount(link, email, password);
			link.life.check();
			this.#prepared = { account, sent: 'no' };
			return { kit: account.kit };
		});
	}

	/**
	 * Registers what was prepared and unlocks it. If an answer is lost, it may be asked for again; and
	 * after `confirm`, once the mailed link was followed.
	 *
	 * @throws {KeyholderError} `locked` if nothing is prepared.
	 */
	async register(admission: Admission = {}): Promise<RegisterOutcome> {
		const link = this.#holder.link();
		return await run(link.life, async () => {
			const prepared = this.#prepared;
			if (prepared === undefined) throw new KeyholderError('locked', 'nothing is prepared');
			const { account, sent } = prepared;
			if (sent === 'no') prepared.sent = 'unsure';
			const { nameFirstVault, registerAccount } = await import('#lib/keyholder/registering.ts');
			const answered = await registerAccount(link, account, admission, sent);
			if (typeof answered === 'string') {
				prepared.sent = answered === 'confirm' ? 'waits' : sent;
				return { outcome: answered };
			}
			const { holding } = this.#holder.hold(link, answered);
			this.#dropPrepared();
			await nameFirstVault(holding, admission.vaultName);
			return { outcome: 'registered' };
		});
	}

	/**
	 * Unlocks, in the order of docs/protocol.md, 9; what was unlocked before is locked first.
	 *
	 * @param onStep told how far it has come.
	 * @throws {KeyholderError} any code; pins are as they were then.
	 */
	async unlock(email: string, password: string, onStep = nobody): Promise<UnlockOutcome> {
		return await this.#entrance.byPassword(email, password, onStep);
	}

	/**
	 * The same proof with a code, after `second-factor`. Nothing is derived again: the keys wait for
	 * two minutes.
	 *
	 * @throws {KeyholderError} `locked` if they do not wait any more.
	 */
	async unlockWithCode(code: string, onStep = nobody): Promise<UnlockOutcome> {
		return await this.#entrance.withCode(code, onStep);
	}

	/**
	 * Unlocks with a recovery kit. Whoever has seen the kit can open the account, so nothing may be
	 * written but a rotation, which replaces it.
	 *
	 * @param mailed the token of the mailed link, where the server sends mail.
	 * @throws {KeyholderError} `kit` if it is none.
	 */
	async unlockWithKit(
		email: string,
		kit: string,
		mailed: Bytes | undefined,
		onStep = nobody
	): Promise<UnlockOutcome> {
		return await this.#entrance.byKit(email, kit, mailed, onStep);
	}

	/** What a passkey has to sign to unlock; what was unlocked before is locked first. */
	async askPasskey(): Promise<PasskeyRequest> {
		return await this.#entrance.askPasskey();
	}

	/** @throws {KeyholderError} `locked` if {@link askPasskey} was not asked, or too long ago. */
	async unlockWithPasskey(answer: PasskeyAnswer, onStep = nobody): Promise<UnlockOutcome> {
		return await this.#entrance.byPasskey(answer, onStep);
	}

	/**
	 * The email, typed after a sign-in by passkey. What the server says serves to find a slip of the
	 * person's, and for nothing else.
	 *
	 * @throws {KeyholderError} `invalid`; `rollback` if it means another account on this device.
	 */
	async typeEmail(email: string): Promise<EmailOutcome> {
		return await this.#entrance.takeEmail(email);
	}

	/** Forgets and overwrites every key. What is under way ends with `locked` and sends nothing more. */
	lock(): void {
		this.#holder.lock();
	}

	/**
	 * Locks, then ends the session. Pins stay.
	 *
	 * @throws {KeyholderError} if the server could not be told; it is locked all the same.
	 */
	async signOut(): Promise<void> {
		const link = this.#holder.begin();
		await run(link.life, () => link.call(openingRoutes.signOut));
	}

	/** Forgets on this device which account the email means. */
	async forget(email: string): Promise<void> {
		await this.#holder.ports.pins.forget(await emailHash(readEmail(email).email));
	}

	/** @throws {KeyholderError} `locked` */
	view(): AccountView {
		return viewOf(this.#holder.need().holding.open);
	}

	/** Fetches and verifies what other devices have written since. */
	async refresh(): Promise<AccountView> {
		return await this.#holder.read(async ({ holding }) => {
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
		return await this.#holder.read(({ holding }) => readSecret(holding, ref, purpose));
	}

	/**
	 * Saves edits of one vault in one commit. Fills in the values' fingerprints, and the
	 * moments that an overview leaves open.
	 *
	 * @throws {KeyholderError} `invalid`, `too-large`, `full`, `gone`: nothing was written.
	 * `offline`, `failed`: it is not known; saving the same again does not write it twice, nor does
	 * saving something else in its place with the same `tries`.
	 */
	async save(...asked: Parameters<Commits['save']>): Promise<SaveResult> {
		return await this.#holder.write(async (held) => {
			const { commitsOf } = await import('#lib/keyholder/commits.ts');
			return await commitsOf(held).save(...asked);
		});
	}

	/**
	 * Saves what was changed from `base`, the settings that a form was opened with, to `settings`.
	 * What other devices changed since then stays.
	 */
	async saveSettings(settings: Settings, base: Settings): Promise<SaveResult> {
		return await this.#holder.write(async ({ holding }) => {
			const { saveSettings } = await import('#lib/keyholder/account-commits.ts');
			return await saveSettings(holding, settings, base);
		});
	}

	/**
	 * Asks for the password once more: for ten minutes it signs what needs a proof. Nothing is sent,
	 * unless passwords have come to cost more since it was set.
	 */
	async prove(password: string): Promise<ProveOutcome> {
		return await this.#holder.read(async (held) => {
			const { stepUp } = await import('#lib/keyholder/stepping-up.ts');
			return await stepUp(this.#holder, held, password);
		});
	}

	/**
	 * Opens every key, for a backup. `onSpoiled` hears of each that does not verify and is left out.
	 *
	 * @throws {KeyholderError} `proof` unless {@link prove} was answered in the last ten minutes.
	 */
	async readAll(
		onProgress: (done: number, total: number) => void = () => undefined,
		onSpoiled?: (row: KeyRow) => void,
		wanted?: ReadonlySet<Id>
	): Promise<readonly OpenedVault[]> {
		return await this.#holder.read(async ({ holding, proof }) => {
			const { readAll } = await import('#lib/keyholder/exporting.ts');
			return await readAll(holding, proof, onProgress, onSpoiled, wanted);
		});
	}

	/** What a field's fingerprint would be if it had this value: to find a key that is already there. */
	async fingerprint(vault: Id, value: string): Promise<string> {
		return await this.#holder.read(({ holding }) =>
			fingerprint(vaultOf(holding.open, vault).place.keys.fingerprint, value)
		);
	}

	#dropPrepared(): void {
		this.#prepared?.account.keys.kek.fill(0);
		this.#prepared = undefined;
	}
}
