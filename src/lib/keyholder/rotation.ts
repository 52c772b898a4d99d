/**
 * A rotation: a new account key, new vault keys, everything sealed again, every way in enrolled
 * again. It is planned with the person, and then done or not done, whole. Norm: docs/protocol.md, 10.
 */
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import type { Id } from '#lib/api/wire.ts';
import { equal } from '#lib/encoding/bytes.ts';
import { neededProof, proving, type ActionProof } from '#lib/keyholder/action-proof.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import type { Wrapping } from '#lib/keyholder/new-slots.ts';
import { vaultOf, viewOf, type OpenAccount } from '#lib/keyholder/open-account.ts';
import { KeptPasskeys } from '#lib/keyholder/rotation-passkeys.ts';
import { planSlots, type PlannedSlots, type RotationChoice } from '#lib/keyholder/rotation-plan.ts';
import { buildRotation, type BuiltRotation } from '#lib/keyholder/rotation-records.ts';
import { sameSlots, type EnrolledSlot } from '#lib/keyholder/rotation-slots.ts';
import { RotationSwitch } from '#lib/keyholder/rotation-switch.ts';
import type {
	PasskeyAnswer,
	PasskeyRequest,
	RotationOutcome,
	RotationPlan,
	RotationStep
} from '#lib/keyholder/views.ts';

type OnStep = (step: RotationStep) => void;

export class Rotation {
	readonly #holding: Holding;
	readonly #base: OpenAccount;
	readonly #next: Wrapping;
	readonly #kit: string;
	readonly #slots: Map<Id, EnrolledSlot>;
	readonly #passkeys: KeptPasskeys;
	readonly #switch: RotationSwitch;
	readonly #proof: ActionProof | undefined;
	/** Signs once it is switched: the slot's key is another one then. */
	readonly nextProof: ActionProof;

	private constructor(holding: Holding, planned: PlannedSlots) {
		this.#holding = holding;
		this.#base = holding.open;
		this.#next = planned.next;
		this.#kit = planned.kit;
		this.#slots = new Map(planned.slots.map((enrolled) => [enrolled.slot.id, enrolled]));
		this.#proof = planned.proof;
		this.nextProof = planned.nextProof;
		this.#passkeys = new KeptPasskeys(holding, this.#next);
		this.#switch = new RotationSwitch(holding);
	}

	/**
	 * Looks at the account once more, makes the next account key and the new kit. Nothing is written.
	 *
	 * @param kept what may sign already: after opening with a kit no password is typed.
	 * @returns undefined if it is another password.
	 * @throws {KeyholderError} `invalid` if the next password cannot be set, `proof` if nothing signs.
	 */
	static async plan(
		holding: Holding,
		choice: RotationChoice,
		kept: ActionProof | undefined
	): Promise<Rotation | undefined> {
		await holding.refresh();
		const planned = await planSlots(holding, choice, kept);
		return planned && new Rotation(holding, planned);
	}

	/** The kit, and what the person agrees to. */
	get plan(): RotationPlan {
		const { slots, vaults } = viewOf(this.#base);
		return {
			kit: this.#kit,
			keys: vaults.reduce((sum, { keys }) => sum + keys.length, 0),
			// The password and the kit are in it from the start.
			dropped: slots.filter(({ id }) => !this.#slots.has(id)),
			kept: slots.filter(({ id, kind }) => kind !== 'recovery' && this.#slots.has(id))
		};
	}

	async askPasskey(slot: Id): Promise<PasskeyRequest> {
		return await this.#passkeys.ask(slot);
	}

	/** Enrols the passkey again by its own touch. The PRF result is the caller's to wipe. */
	async keepPasskey(slot: Id, answer: PasskeyAnswer): Promise<RotationPlan> {
		this.#slots.set(slot, await this.#passkeys.keep(slot, answer));
		return this.plan;
	}

	/**
	 * Does it, or nothing. After an error it may be asked for again: if the switch had arrived after
	 * all, that is found first.
	 *
	 * @param kept signs where the plan's own proof is too old.
	 * @returns `conflict` if another device has written meanwhile: the old state is whole. It may be
	 * asked for again, but for a change of the ways in: then it has to be planned anew.
	 */
	async run(kept: ActionProof | undefined, onStep: OnStep): Promise<RotationOutcome> {
		if (await this.#switch.hasArrived()) return { outcome: 'rotated' };
		const holding = this.#holding;
		await holding.refresh();
		const before = holding.open;
		if (!this.#stillFits(before)) return { outcome: 'conflict' };
		const proof = this.#proofOr(kept);
		const built = await buildRotation(
			holding,
			this.#next,
			[...this.#slots.values()],
			proving(holding, proof, PROOF_PURPOSE.export),
			(done, total) => {
				onStep({ step: 'reading', done, total });
			}
		);
		if (built === undefined) return { outcome: 'conflict' };
		return await this.#send(before, built, proof, onStep);
	}

	/** Forgets it: the next account key and what was sealed under it. Staged parts are the server's. */
	drop(): void {
		this.#next.accountKey.fill(0);
		this.#proof?.end();
		this.nextProof.end();
		this.#switch.drop();
	}

	async #send(
		before: OpenAccount,
		built: BuiltRotation,
		proof: ActionProof,
		onStep: OnStep
	): Promise<RotationOutcome> {
		const holding = this.#holding;
		const { parts } = built;
		const total = parts.reduce((sum, { secrets }) => sum + secrets.length, 0);
		let done = 0;
		onStep({ step: 'sending', done, total });
		try {
			for (const part of parts) {
				await this.#switch.stage(built.request.rotation, part);
				done += part.secrets.length;
				onStep({ step: 'sending', done, total });
			}
			// What is replaced is what was read: a slot, a vault, a key that came meanwhile is not lost.
			await holding.refresh();
		} catch (error) {
			this.#switch.forget(built);
			throw error;
		}
		if (!sameHeads(before, holding.open)) {
			this.#switch.forget(built);
			return { outcome: 'conflict' };
		}
		onStep({ step: 'switching' });
		const sign = proving(holding, proof, PROOF_PURPOSE.rotate);
		return { outcome: (await this.#switch.send(built, sign)) ? 'rotated' : 'conflict' };
	}

	/** The plan's own, or what was proved since: reading a plan and writing a kit down takes its time. */
	#proofOr(kept: ActionProof | undefined): ActionProof {
		const nowMs = this.#holding.link.ports.now();
		const own = this.#proof;
		return own?.isGood(nowMs) === true ? own : neededProof(this.#holding, kept);
	}

	/** Whether the ways in, each with its wrap of the account key, are those that were planned for. */
	#stillFits({ state: { manifest } }: OpenAccount): boolean {
		return sameSlots(manifest.slots, this.#base.state.manifest.slots);
	}
}

/** Of one head of the account the vaults are the same as well, though not where each of them stands. */
function sameHeads(a: OpenAccount, b: OpenAccount): boolean {
	return (
		equal(a.state.head, b.state.head) &&
		[...a.vaults].every(([id, { head }]) => equal(head, vaultOf(b, id).head))
	);
}
