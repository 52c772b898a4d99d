/**
 * A state that the operator restored, and that this device refuses: looked at as on a device that has
 * never seen the account, and accepted if the person says so. Norm: docs/protocol.md, 10.
 */
import type { AccountHead } from '#lib/api/account.ts';
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { routes } from '#lib/api/routes.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { equal } from '#lib/encoding/bytes.ts';
import { ActionProof, proving } from '#lib/keyholder/action-proof.ts';
import { passwordSlotOf } from '#lib/keyholder/account-state.ts';
import { sendOrFind } from '#lib/keyholder/compare-and-swap.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { Holding, pinChange } from '#lib/keyholder/holding.ts';
import { Link } from '#lib/keyholder/link.ts';
import { wipe, type OpenAccount } from '#lib/keyholder/open-account.ts';
import { emailHash, type AccountPin } from '#lib/keyholder/pins.ts';
import { NewDevicePins } from '#lib/keyholder/restored-pins.ts';
import { buildAcceptance, type BuiltAcceptance } from '#lib/keyholder/restored-records.ts';
import type { RotationChoice } from '#lib/keyholder/rotation-plan.ts';
import { Rotation } from '#lib/keyholder/rotation.ts';
import { beginByPassword } from '#lib/keyholder/sign-in.ts';
import type { Typed } from '#lib/keyholder/typed.ts';
import type { VaultState } from '#lib/keyholder/vault-state.ts';
import type { RestoredState, RotationStep } from '#lib/keyholder/views.ts';
import { follow } from '#lib/protocol/chain.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';

type OnStep = (step: RotationStep) => void;

export class Restored {
	/** Of this device, with its own pins. */
	readonly #link: Link;
	/** What was looked at, with the memory of a new device. */
	readonly #holding: Holding;
	readonly #pinned: AccountPin | undefined;
	/** Normalised, as it was signed in with. */
	readonly #email: string;
	#proof: ActionProof;
	/** Whether keys from before a rotation came back, and are still to be replaced. */
	#mustRotate: boolean;
	#rotation: Rotation | undefined;
	#sent: BuiltAcceptance[] = [];

	private constructor(
		link: Link,
		holding: Holding,
		pinned: AccountPin | undefined,
		email: string,
		proof: ActionProof
	) {
		this.#link = link;
		this.#holding = holding;
		this.#pinned = pinned;
		this.#email = email;
		this.#proof = proof;
		this.#mustRotate = pinned !== undefined && isBelow(holding.open, pinned);
	}

	/** Signs in and verifies everything. No pin is changed, and nothing is written. */
	static async look(
		link: Link,
		typed: Typed,
		code: string | undefined
	): Promise<
		| { readonly outcome: 'found'; readonly restored: Restored }
		| { readonly outcome: 'wrong-password' | 'second-factor' }
	> {
		const { ports, life } = link;
		const apart = new Link({ ...ports, pins: new NewDevicePins(ports.pins) }, life);
		const signIn = await beginByPassword(apart, typed, () => undefined);
		try {
			const entered = await signIn.enter(code, () => undefined);
			if (entered.outcome === 'link') throw new KeyholderError('link', 'a link for a password');
			if (entered.outcome !== 'opened') return { outcome: entered.outcome };
			const { open } = entered;
			const pinned = await ports.pins.account(open.state.account);
			const proof = new ActionProof(passwordSlotOf(open.state), signIn.keys.signing, ports.now());
			const holding = new Holding(apart, open);
			const restored = new Restored(link, holding, pinned, typed.email, proof);
			return { outcome: 'found', restored };
		} finally {
			signIn.end();
		}
	}

	get view(): RestoredState {
		const { state, vaults } = this.#holding.open;
		const manifests = [state, ...vaults.values()].map(({ manifest }) => manifest);
		return {
			...furthestBehind(this.#holding.open, this.#pinned),
			changedAtMs: Math.max(...manifests.map(({ unixMs }) => unixMs)),
			keys: [...vaults.values()].reduce((sum, { items }) => sum + items.size, 0),
			rotates: this.#mustRotate
		};
	}

	/**
	 * Plans the rotation that comes before anything else is written.
	 *
	 * @returns undefined if it is another password.
	 */
	async plan(choice: RotationChoice): Promise<Rotation | undefined> {
		const rotation = await Rotation.plan(this.#holding, choice, this.#proof);
		if (rotation === undefined) return undefined;
		this.dropRotation();
		this.#rotation = rotation;
		return rotation;
	}

	/** @throws {KeyholderError} `locked` if none is planned. */
	get rotation(): Rotation {
		if (this.#rotation === undefined) throw new KeyholderError('locked', 'nothing is planned');
		return this.#rotation;
	}

	/**
	 * Writes on top of what was looked at, and replaces this device's pins. After an error it may be
	 * asked for again.
	 *
	 * @returns undefined if another device has written meanwhile: then it is to be looked at again.
	 * @throws {KeyholderError} `rotate-first` if the rotation is not planned; `proof` if too much
	 * time has passed since it was looked at.
	 */
	async accept(onStep: OnStep): Promise<OpenAccount | undefined> {
		if (!(await this.#rotate(onStep))) return undefined;
		onStep({ step: 'switching' });
		const stored = (await this.#found()) ?? (await this.#send());
		if (stored === undefined) return undefined;
		return await this.#replacePins(stored.next);
	}

	/** Forgets the rotation that was planned. */
	dropRotation(): void {
		this.#rotation?.drop();
		this.#rotation = undefined;
	}

	/** Overwrites the keys of what was looked at, unless they are `held`. */
	drop(held?: OpenAccount): void {
		this.#proof.end();
		this.dropRotation();
		const { open } = this.#holding;
		if (open.state.keys !== held?.state.keys) wipe(open);
	}

	/** @returns false after a conflict. */
	async #rotate(onStep: OnStep): Promise<boolean> {
		if (!this.#mustRotate) return true;
		const rotation = this.#rotation;
		if (rotation === undefined) {
			throw new KeyholderError('rotate-first', 'keys that were given up are to be replaced first');
		}
		const { outcome } = await rotation.run(this.#proof, onStep);
		if (outcome !== 'rotated') return false;
		this.#mustRotate = false;
		this.#proof.end();
		this.#proof = rotation.nextProof;
		return true;
	}

	async #send(): Promise<BuiltAcceptance | undefined> {
		const { link, open } = this.#holding;
		const built = await buildAcceptance(link.ports, open, this.#pinned, await this.#refused());
		const proof = proving(this.#holding, this.#proof, PROOF_PURPOSE.acceptRestore);
		const send = () => link.call(routes.acceptRestore, { body: built.request, proof });
		this.#sent.push(built);
		let found: BuiltAcceptance | undefined;
		const outcome = await sendOrFind({ seq: built.request.seq, send }, async (served) => {
			found = await this.#found(served);
			return found !== undefined;
		});
		return outcome === 'stored' ? built : found;
	}

	/** One that was sent, if it is what the server has, or an ancestor of it. */
	async #found(served?: AccountHead): Promise<BuiltAcceptance | undefined> {
		if (this.#sent.length === 0) return undefined;
		const { link, open } = this.#holding;
		const query = { after: String(open.state.manifest.seq) };
		const { chain, manifest } = served ?? (await link.call(routes.account, { query }));
		const passed = [...chain, await sha256(manifest.blob)];
		return this.#sent.find(({ hash }) => passed.some((each) => equal(each, hash)));
	}

	/** Vaults that do not continue from what this device saw of them. */
	async #refused(): Promise<ReadonlySet<Id>> {
		const refused = new Set<Id>();
		for (const [id, vault] of this.#holding.open.vaults) {
			if (!(await this.#continues(id, vault))) refused.add(id);
		}
		return refused;
	}

	async #continues(id: Id, { manifest, head }: VaultState): Promise<boolean> {
		const pin = this.#pinned?.vaults[id];
		if (pin === undefined) return true;
		const { seq, prev } = manifest;
		const query = { after: String(seq), chain: String(pin.seq) };
		const served =
			seq > pin.seq
				? await this.#holding.link.call(routes.vault, { params: { vault: id }, query })
				: undefined;
		try {
			await follow(pin, { seq, prev, head }, served?.chain ?? []);
			return true;
		} catch (error) {
			if (error instanceof ProtocolError) return false;
			throw error;
		}
	}

	async #replacePins(next: OpenAccount): Promise<OpenAccount> {
		const { pins } = this.#link.ports;
		const { account } = next.state;
		const { profile } = passwordSlotOf(next.state);
		const heads = [next.state, ...next.vaults.values()].map(({ head }) => head);
		this.#link.trail.add(heads);
		this.#link.life.check();
		await pins.save({
			email: { hash: await emailHash(this.#email), pin: { account, profile } },
			account: {
				...pinChange(this.#link, next),
				...(this.#pinned === undefined ? {} : { replaces: this.#pinned })
			}
		});
		this.#link.life.check();
		return { ...next, known: true, mustRotate: false };
	}
}

/** Of the account and its vaults the one that lacks most of what this device saw; the account, if none does. */
function furthestBehind(
	{ state, vaults }: OpenAccount,
	pinned: AccountPin | undefined
): Pick<RestoredState, 'servedSeq' | 'pinnedSeq'> {
	const account = { servedSeq: state.manifest.seq, pinnedSeq: pinned?.seq ?? 0 };
	const chains = [...vaults].map(([id, { manifest }]) => {
		return { servedSeq: manifest.seq, pinnedSeq: pinned?.vaults[id]?.seq ?? 0 };
	});
	const lacks = ({ servedSeq, pinnedSeq }: typeof account) => Math.max(0, pinnedSeq - servedSeq);
	return chains.reduce((most, chain) => (lacks(chain) > lacks(most) ? chain : most), account);
}

/** Whether keys are served that this device has seen replaced. */
function isBelow({ state, vaults }: OpenAccount, pinned: AccountPin): boolean {
	return (
		state.manifest.generation < pinned.generation ||
		[...vaults].some(([id, { manifest }]) => {
			return manifest.generation < (pinned.vaults[id]?.generation ?? 0);
		})
	);
}
