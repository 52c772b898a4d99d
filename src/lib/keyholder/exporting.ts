/**
 * Reading everything for a backup. The password is asked for again; what it gives may sign requests
 * for ten minutes, one signature for one request. Norm: docs/protocol.md, 9, purpose 5.
 */
import type { Proof } from '#lib/api/auth.ts';
import { SECRETS_PER_REQUEST } from '#lib/api/limits.ts';
import { routes } from '#lib/api/routes.ts';
import type { SigningKey } from '#lib/crypto/signature.ts';
import { equal } from '#lib/encoding/bytes.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { viewOf } from '#lib/keyholder/open-account.ts';
import { answer, checkChallenge, derivePasswordKeys } from '#lib/keyholder/proving.ts';
import { readSecrets, type ProveRequest } from '#lib/keyholder/reading.ts';
import { readTyped } from '#lib/keyholder/typed.ts';
import type { OpenedVault, ReadResult } from '#lib/keyholder/views.ts';
import { actionHash } from '#lib/protocol/challenge.ts';
import { demand } from '#lib/protocol/errors.ts';

/** How long a key that proves may be kept. */
const KEPT_MS = 600_000;

/** What has proved the password once more. Its key cannot be read out, and is forgotten in time. */
export class ExportProof {
	readonly #timer: ReturnType<typeof setTimeout>;
	#signing: SigningKey | undefined;

	constructor(
		signing: SigningKey,
		private readonly untilMs: number
	) {
		this.#signing = signing;
		this.#timer = setTimeout(() => {
			this.end();
		}, KEPT_MS);
		// Nothing waits for it: a process that has nothing else to do may end.
		if (typeof this.#timer === 'object') this.#timer.unref();
	}

	/** @throws {KeyholderError} `proof` once it has ended. */
	signing(nowMs: number): SigningKey {
		if (nowMs >= this.untilMs) this.end();
		if (this.#signing === undefined) throw new KeyholderError('proof', 'proved too long ago');
		return this.#signing;
	}

	end(): void {
		clearTimeout(this.#timer);
		this.#signing = undefined;
	}
}

/**
 * Derives from the password once more and compares with the slot that the account was unlocked
 * with. Nothing is sent.
 *
 * @returns undefined if it is another password.
 * @throws {KeyholderError} `invalid` if it cannot be a password.
 */
export async function proveExport(
	holding: Holding,
	password: string
): Promise<ExportProof | undefined> {
	const { link, open } = holding;
	const { slot } = open.state;
	const typed = readTyped(open.typed.emailAsTyped, password);
	const { kek, signing } = await derivePasswordKeys(link, typed, slot);
	kek.fill(0);
	if (!equal(signing.publicKey, slot.authPublicKey)) return undefined;
	return new ExportProof(signing, link.ports.now() + KEPT_MS);
}

/**
 * Every key of every vault, in the trash or not, as last verified after a fresh look.
 *
 * @param onProgress called after each request.
 * @throws {KeyholderError} `proof` if the proof has ended or the server does not take it.
 */
export async function readAll(
	holding: Holding,
	proof: ExportProof,
	onProgress: (done: number, total: number) => void
): Promise<readonly OpenedVault[]> {
	proof.signing(holding.link.ports.now());
	await holding.refresh();
	const { vaults } = viewOf(holding.open);
	const total = vaults.reduce((sum, { keys }) => sum + keys.length, 0);
	let done = 0;
	const opened: OpenedVault[] = [];
	for (const { id, name, keys } of vaults) {
		const read: ReadResult[] = [];
		for (let start = 0; start < keys.length; start += SECRETS_PER_REQUEST) {
			const items = keys.slice(start, start + SECRETS_PER_REQUEST).map(({ item }) => item);
			const sign: ProveRequest = (request) => prove(holding, proof, request);
			read.push(...(await readSecrets(holding, id, items, 'export', sign)));
			done += items.length;
			onProgress(done, total);
		}
		opened.push({
			name,
			keys: read.map(({ row: { overview }, secret }) => ({ overview, secret }))
		});
	}
	return opened;
}

async function prove(
	{ link, open }: Holding,
	proof: ExportProof,
	request: Parameters<ProveRequest>[0]
): Promise<Proof> {
	const reply = await challengeFor(link, open.state);
	const hash = await actionHash(request.method, request.path, request.body);
	const signing = proof.signing(link.ports.now());
	const asked = { purpose: 5, reply } as const;
	return { token: reply.token, signature: await answer(link.ports.origin, asked, signing, hash) };
}

async function challengeFor(link: Link, { account, slot }: Holding['open']['state']) {
	const reply = await link.call(routes.challenge, { body: { slot: slot.id, purpose: 5 } });
	checkChallenge(reply, { account, profile: slot.profile }, link.ports.now());
	demand(reply.slot === slot.id, 'challenge for another slot');
	return reply;
}
