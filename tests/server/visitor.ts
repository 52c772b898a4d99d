/** Whoever sends requests to a server and proves who they are: a browser, and the keys of one slot. */
import { sign } from 'node:crypto';
import { ChallengeReply, PROOF_HEADER, Proof } from '#lib/api/auth.ts';
import { z } from '#lib/api/zod.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { actionMessage, challengeMessage } from '#lib/encoding/challenge.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Host, Sent } from './host.ts';
import { newId, newKey, sha256, type Key } from './material.ts';
import { ORIGIN } from './origin.ts';

/** A proof of `purpose`, by the password's slot unless another is named. */
export interface ProofBy {
	readonly purpose: number;
	readonly slot?: Id;
	readonly key?: Key;
}

/** One that has no set-up code asks for none. */
export type AnyHost = Pick<Host, 'send'> & Partial<Pick<Host, 'setupCode'>>;

export class Visitor {
	passwordSlot = newId();
	key = newKey();
	cookie = '';

	constructor(
		readonly host: AnyHost,
		readonly address = '192.0.2.1',
		readonly origin = ORIGIN
	) {}

	/** POSTs JSON as a browser of the own origin would. */
	async post(path: string, json: unknown, more: Sent = {}): Promise<Response> {
		return await this.send(path, {
			method: 'POST',
			body: JSON.stringify(json),
			...more,
			headers: { 'content-type': 'application/json', ...more.headers }
		});
	}

	async send(path: string, sent: Sent = {}): Promise<Response> {
		const cookie: Record<string, string> = this.cookie === '' ? {} : { cookie: this.cookie };
		return await this.host.send(path, {
			address: this.address,
			...sent,
			headers: { origin: this.origin, ...cookie, ...sent.headers }
		});
	}

	async challenge(request: Readonly<Record<string, unknown>>) {
		const response = await this.post('/api/v1/auth/challenge', request);
		if (response.status !== 200) throw new Error(`challenge: ${String(response.status)}`);
		return await parsed(ChallengeReply, response);
	}

	/** Signs a challenge of this host with `key`. */
	signed(
		challenge: z.output<typeof ChallengeReply>,
		purpose: number,
		{ key = this.key, actionHash = new Uint8Array(32) } = {}
	): z.output<typeof Proof> {
		const message = challengeMessage({
			...challenge,
			purpose,
			origin: this.origin,
			actionHash
		});
		return {
			token: challenge.token,
			signature: new Uint8Array(sign(null, message, key.privateKey))
		};
	}

	async verify(
		proof: z.output<typeof Proof>,
		more: Readonly<Record<string, unknown>> = {}
	): Promise<Response> {
		const response = await this.post('/api/v1/auth/verify', { ...z.encode(Proof, proof), ...more });
		const cookie = response.headers.get('set-cookie');
		if (response.status === 200 && cookie !== null) this.cookie = cookie.split(';')[0] ?? '';
		return response;
	}

	/** The header that allows exactly this request. */
	async proofOf(
		{ purpose, slot = this.passwordSlot, key = this.key }: ProofBy,
		method: string,
		path: string,
		body = ''
	): Promise<Record<string, string>> {
		const challenge = await this.challenge({ slot, purpose });
		const actionHash = sha256(actionMessage(method, path, sha256(utf8(body))));
		const proof = z.encode(Proof, this.signed(challenge, purpose, { key, actionHash }));
		return { [PROOF_HEADER]: encode(utf8(JSON.stringify(proof))) };
	}

	/** POSTs `json`, or DELETEs without any, with a proof; the cookie that comes is kept. */
	async prove(by: ProofBy, path: string, json?: unknown): Promise<Response> {
		const method = json === undefined ? 'DELETE' : 'POST';
		const headers = await this.proofOf(
			by,
			method,
			path,
			json === undefined ? '' : JSON.stringify(json)
		);
		const response =
			json === undefined
				? await this.send(path, { method, headers })
				: await this.post(path, json, { headers });
		const cookie = response.headers.get('set-cookie');
		if (cookie !== null) this.cookie = cookie.split(';')[0] ?? '';
		return response;
	}
}

/** The reply of a route, checked as the client checks it. */
export async function parsed<S extends z.ZodMiniType>(
	schema: S,
	response: Response
): Promise<z.output<S>> {
	const json: unknown = await response.json();
	const result = z.safeParse(schema, json);
	if (!result.success) throw new Error(`${String(response.status)} is no such reply`);
	return result.data;
}

/** The stable code of a problem. */
export async function codeOf(response: Response): Promise<string> {
	const problem: unknown = await response.json();
	return typeof problem === 'object' && problem !== null && 'code' in problem
		? String(problem.code)
		: 'no code';
}
