/**
 * `Keyhold-Proof`: a fresh signature that allows exactly the request that it travels with. A
 * stolen cookie alone cannot make one. Norm: docs/protocol.md, 9.
 */
import { Proof, PROOF_HEADER } from '#lib/api/auth.ts';
import { z } from '#lib/api/zod.ts';
import { decode } from '#lib/encoding/base64url.ts';
import { actionMessage } from '#lib/encoding/challenge.ts';
import { fromUtf8, type Bytes } from '#lib/encoding/bytes.ts';
import { EXPORT, prove } from '#lib/server/auth/prove.ts';
import { sha256 } from '#lib/server/chain.ts';
import type { Member } from '#lib/server/endpoint.ts';
import { ServerError } from '#lib/server/errors.ts';

const MAX_HEADER = 4_096;

/**
 * Checks that the request carries a good proof of purpose 5 by a slot of its own account. The answer
 * brings a new session.
 *
 * @throws {ServerError} `proof` if it is missing or not good, `limited`.
 */
export async function requireExportProof(member: Member): Promise<void> {
	const { server, event, session, network, body, headers } = member;
	const proof = proofIn(event.request.headers.get(PROOF_HEADER));
	const proved =
		proof &&
		(await prove(server, proof, {
			purposes: [EXPORT],
			session,
			network,
			actionHash: actionHash(event.request.method, event.url, body)
		}));
	if (proved === undefined) throw new ServerError('proof', 'no good proof for this request');
	if (proved.begun !== undefined) headers.set('set-cookie', proved.begun.cookie);
}

function actionHash(method: string, { pathname, search }: URL, body: Bytes): Bytes {
	return sha256(actionMessage(method, pathname + search, sha256(body)));
}

function proofIn(header: string | null): Proof | undefined {
	if (header === null || header.length > MAX_HEADER) return undefined;
	try {
		return z.decode(Proof, JSON.parse(fromUtf8(decode(header))) as z.input<typeof Proof>);
	} catch {
		return undefined;
	}
}
