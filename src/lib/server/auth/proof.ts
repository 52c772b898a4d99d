/**
 * `Keyhold-Proof`: a fresh signature that allows exactly the request that it travels with. A
 * stolen cookie alone cannot make one. Norm: docs/protocol.md, 9.
 */
import { Proof, PROOF_HEADER, type ActionPurpose } from '#lib/api/auth.ts';
import { z } from '#lib/api/zod.ts';
import { decode } from '#lib/encoding/base64url.ts';
import { actionMessage } from '#lib/encoding/challenge.ts';
import { fromUtf8, type Bytes } from '#lib/encoding/bytes.ts';
import { prove } from '#lib/server/auth/prove.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import { sha256 } from '#lib/server/chain.ts';
import type { Member } from '#lib/server/endpoint.ts';
import { ServerError } from '#lib/server/errors.ts';

/** Of the 16 KiB that all headers may have. An assertion by the longest credential id is 4 KiB. */
const MAX_HEADER = 12_288;

/**
 * Checks that the request carries a good proof of `purpose` by a slot of its own account. The answer
 * brings a browser a new session.
 *
 * @returns the session that goes on: what ends all others ends all but this one.
 * @throws {ServerError} `proof` if it is missing or not good, `limited`.
 */
export async function requireProof(member: Member, purpose: ActionPurpose): Promise<Session> {
	const { server, event, session, network, body, headers } = member;
	const { request, url } = event;
	const proof = proofIn(request.headers.get(PROOF_HEADER));
	const proved =
		proof &&
		(await prove(server, { session, network, headers: request.headers }, proof, {
			purposes: [purpose],
			actionHash: actionHash(request.method, url, body)
		}));
	if (proved === undefined) throw new ServerError('proof', 'no good proof for this request');
	if (proved.begun === undefined) return session;
	headers.set('set-cookie', proved.begun.cookie);
	return proved.begun.session;
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
