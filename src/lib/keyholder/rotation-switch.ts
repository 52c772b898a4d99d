/**
 * Sending a rotation: its parts, which nobody sees, and the one request that switches all of it or
 * none. An answer that is lost is looked for in the chain. Norm: docs/protocol.md, 10.
 */
import type { AccountHead } from '#lib/api/account.ts';
import type { RotationPart } from '#lib/api/rotations.ts';
import { routes } from '#lib/api/routes.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { equal } from '#lib/encoding/bytes.ts';
import type { ProveRequest } from '#lib/keyholder/action-proof.ts';
import { sendOrFind } from '#lib/keyholder/compare-and-swap.ts';
import { isUnanswered } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { wipe } from '#lib/keyholder/open-account.ts';
import type { BuiltRotation } from '#lib/keyholder/rotation-records.ts';

export class RotationSwitch {
	readonly #holding: Holding;
	/** Sent, and perhaps arrived: what is served under their keys can be opened still. */
	readonly #sent: BuiltRotation[] = [];

	constructor(holding: Holding) {
		this.#holding = holding;
	}

	/** A part may be sent twice: its records are the same. */
	async stage(rotation: Id, body: RotationPart): Promise<void> {
		const call = { params: { rotation }, body };
		const { link } = this.#holding;
		try {
			await link.call(routes.rotationPart, call);
		} catch (error) {
			if (!isUnanswered(error)) throw error;
			await link.call(routes.rotationPart, call);
		}
	}

	/**
	 * Switches, and makes what was sent the state that is held.
	 *
	 * @returns false if the server says that another device has written: nothing was switched.
	 * @throws {KeyholderError} `offline`, `failed`: it is not known; ask {@link hasArrived}.
	 */
	async send(built: BuiltRotation, proof: ProveRequest): Promise<boolean> {
		const { link } = this.#holding;
		const attempt = {
			seq: built.next.state.manifest.seq,
			send: () => link.call(routes.rotation, { body: built.request, proof })
		};
		this.#sent.push(built);
		const outcome = await sendOrFind(attempt, (served) => this.hasArrived(served));
		if (outcome === 'stored') await this.#adopt(built);
		else if (outcome === 'conflict') await this.#holding.refresh();
		return outcome !== 'conflict';
	}

	/**
	 * Whether one that was sent is the newest state, or an ancestor of it; then it is held. If not,
	 * what is there instead is verified and held.
	 *
	 * @param served what a conflict carried; without it, it is fetched.
	 */
	async hasArrived(served?: AccountHead): Promise<boolean> {
		if (this.#sent.length === 0) return false;
		const holding = this.#holding;
		const pin = await holding.pin();
		const query = { after: String(holding.open.state.manifest.seq) };
		const answer = served ?? (await holding.link.call(routes.account, { query }));
		const passed = [...answer.chain, await sha256(answer.manifest.blob)];
		const found = this.#sent.find(({ hash }) => passed.some((each) => equal(each, hash)));
		if (found === undefined) {
			await holding.catchUpAccount(pin, answer);
			return false;
		}
		await this.#adopt(found);
		await holding.refresh();
		return true;
	}

	/** Overwrites keys of what was built and is not sent. */
	forget({ next }: BuiltRotation): void {
		wipe(next);
	}

	/** Overwrites the keys of everything that was sent and is not held. */
	drop(): void {
		const { open } = this.#holding;
		for (const { next } of this.#sent) {
			if (next.state.keys !== open.state.keys) wipe(next);
		}
	}

	async #adopt({ next, hash }: BuiltRotation): Promise<void> {
		const { open: before } = this.#holding;
		try {
			await this.#holding.switched(next, hash);
		} finally {
			if (this.#holding.open.state.keys !== before.state.keys) {
				wipe(before);
			}
		}
	}
}
