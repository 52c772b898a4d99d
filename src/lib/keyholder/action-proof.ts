/**
 * Proofs of single requests. The password is asked for once more; what it gives may sign for ten
 * minutes, one signature for one request, each over a challenge of its own. Norm: docs/protocol.md,
 * 9, purposes 2 to 7.
 */
import type { ActionPurpose, Proof } from '#lib/api/auth.ts';
import type { Call } from '#lib/api/client.ts';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import type { Route } from '#lib/api/route.ts';
import type { Id } from '#lib/api/wire.ts';
import type { SigningKey } from '#lib/crypto/signature.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { checkSlotChallenge } from '#lib/keyholder/challenges.ts';
import { answer } from '#lib/keyholder/proving.ts';
import { actionHash } from '#lib/protocol/challenge.ts';

/** How long a key that proves may be kept. */
const KEPT_MS = 600_000;

/** Signs one request; called with what is sent. */
export type ProveRequest = NonNullable<Call<Route>['proof']>;

/** The slot whose key signs. */
export interface ProvingSlot {
	readonly id: Id;
	readonly kind: 1 | 2;
	readonly profile: number;
}

/** What has proved who the person is. Its key cannot be read out, and is forgotten in time. */
export class ActionProof {
	readonly #timer: ReturnType<typeof setTimeout>;
	readonly #untilMs: number;
	#signing: SigningKey | undefined;

	constructor(
		readonly slot: ProvingSlot,
		signing: SigningKey,
		nowMs: number
	) {
		this.#signing = signing;
		this.#untilMs = nowMs + KEPT_MS;
		this.#timer = setTimeout(() => {
			this.end();
		}, KEPT_MS);
		// Nothing waits for it: a process that has nothing else to do may end.
		if (typeof this.#timer === 'object') this.#timer.unref();
	}

	/** @throws {KeyholderError} `proof` once it has ended. */
	signing(nowMs: number): SigningKey {
		if (nowMs >= this.#untilMs) this.end();
		if (this.#signing === undefined) throw new KeyholderError('proof', 'proved too long ago');
		return this.#signing;
	}

	isGood(nowMs: number): boolean {
		return this.#signing !== undefined && nowMs < this.#untilMs;
	}

	end(): void {
		clearTimeout(this.#timer);
		this.#signing = undefined;
	}
}

/** @throws {KeyholderError} `proof` if there is none, or it has ended. */
export function neededProof(holding: Holding, proof: ActionProof | undefined): ActionProof {
	if (proof === undefined) throw new KeyholderError('proof', 'the password is needed');
	proof.signing(holding.link.ports.now());
	return proof;
}

/** Proves requests of `purpose`: whatever the server asks for, this is what is signed. */
export function proving(
	{ link, open }: Holding,
	proof: ActionProof,
	purpose: ActionPurpose
): ProveRequest {
	const { account } = open.state;
	return async ({ method, path, body }): Promise<Proof> => {
		const reply = await link.call(openingRoutes.challenge, {
			body: { slot: proof.slot.id, purpose }
		});
		checkSlotChallenge(reply, { account, ...proof.slot }, link.ports.now());
		const hash = await actionHash(method, path, body);
		const signing = proof.signing(link.ports.now());
		const signature = await answer(link.ports.origin, { purpose, reply }, signing, hash);
		return { token: reply.token, signature };
	};
}
