/**
 * An honest server in memory, behind a `fetch`: what the keyholder is tested against without a
 * socket or a database. It shares no code with the real one but the wire's schemas, and none with
 * the client but those: hashes, signatures and chains are its own.
 *
 * It keeps records as the text that arrived and never looks into one.
 */
import { randomBytes } from 'node:crypto';
import type { Fetch } from '#lib/api/client.ts';
import { routes, type Route } from '#lib/api/routes.ts';
import { z } from '#lib/api/zod.ts';
import { normaliseEmail } from '#lib/encoding/email.ts';
import { Proofs, type Challenge } from './reference-proofs.ts';
import {
	accountHead,
	commitAccount,
	commitVault,
	newAccount,
	Refusal,
	shownOf,
	vaultHead,
	type Json,
	type Outgoing,
	type StoredAccount,
	type StoredVault
} from './reference-records.ts';

interface Incoming {
	readonly session: StoredAccount | undefined;
	readonly body: string;
	readonly json: Json;
	readonly path: string;
	readonly method: string;
	readonly params: Readonly<Record<string, string>>;
	readonly after: number | undefined;
	readonly chain: number | undefined;
	readonly proof: string | null;
}

const COOKIE = '__Host-keyhold';

export class ReferenceServer {
	readonly accounts = new Map<string, StoredAccount>();
	/** Whether it takes new accounts. */
	open = true;
	readonly #sessions = new Map<string, string>();
	readonly #proofs: Proofs;
	readonly #origin: string;

	constructor(origin: string, now: () => number) {
		this.#origin = origin;
		this.#proofs = new Proofs(origin, now);
	}

	/** A `fetch` with a cookie jar of its own: one browser. */
	device(): Fetch {
		let cookie = '';
		return async (url, init) => {
			const headers = new Headers(init.headers);
			if (cookie !== '') headers.set('cookie', cookie);
			const response = await this.answer(new Request(url, { ...init, headers }));
			const set = response.headers.get('set-cookie');
			if (set !== null) cookie = set.split(';', 1)[0] ?? '';
			return response;
		};
	}

	/** Ends every session, as the passing of time would. */
	endSessions(): void {
		this.#sessions.clear();
	}

	async answer(request: Request): Promise<Response> {
		try {
			const { status = 200, json, cookie } = await this.#handle(request);
			const headers = new Headers({ 'cache-control': 'no-store' });
			if (cookie !== undefined) headers.set('set-cookie', cookie);
			if (json === undefined) return new Response(null, { status: 204, headers });
			headers.set('content-type', 'application/json');
			return new Response(JSON.stringify(json), { status, headers });
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			const { status, code } = error;
			return new Response(JSON.stringify({ type: 'about:blank', title: 'No.', status, code }), {
				status,
				headers: { 'content-type': 'application/problem+json' }
			});
		}
	}

	async #handle(request: Request): Promise<Outgoing> {
		const url = new URL(request.url);
		if (url.origin !== this.#origin) throw new Refusal(403, 'origin');
		const [name, route, params] = find(request.method, url.pathname);
		const token = new RegExp(`${COOKIE}=([^;]+)`).exec(request.headers.get('cookie') ?? '')?.[1];
		const session = this.accounts.get(this.#sessions.get(token ?? '') ?? '');
		if (route.session === 'needed' && session === undefined) throw new Refusal(401, 'auth');
		const body = await request.text();
		if (body.length > route.maxBodyBytes) throw new Refusal(413, 'too-large');
		const incoming: Incoming = {
			session,
			body,
			json: read(route, body),
			path: url.pathname + url.search,
			method: request.method,
			params,
			after: seqIn(url, 'after'),
			chain: seqIn(url, 'chain'),
			proof: request.headers.get('keyhold-proof')
		};
		if (name === 'signOut') {
			this.#sessions.delete(token ?? '');
			return { cookie: `${COOKIE}=; Path=/; Max-Age=0` };
		}
		return this.#dispatch(name, incoming);
	}

	#dispatch(name: Exclude<keyof typeof routes, 'signOut'>, incoming: Incoming): Outgoing {
		switch (name) {
			case 'register':
				return this.#register(incoming);
			case 'challenge':
				return { json: this.#challenge(incoming) };
			case 'verify':
				return this.#verify(incoming);
			case 'account':
				return { json: accountHead(sessionOf(incoming), incoming.after) };
			case 'accountCommit':
				return commitAccount(sessionOf(incoming), incoming.json);
			case 'vault':
				return { json: vaultHead(vaultOf(incoming), incoming.after, incoming.chain) };
			case 'vaultCommit':
				return commitVault(vaultOf(incoming), incoming.json);
			case 'secrets':
				return { json: this.#secrets(incoming) };
		}
	}

	#register({ json }: Incoming): Outgoing {
		if (!this.open) throw new Refusal(403, 'closed');
		const email = emailOf(json['email']);
		const id = String(json['account']);
		const known = [...this.accounts.values()].some((account) => account.email === email);
		if (known || this.accounts.has(id)) throw new Refusal(409, 'taken');
		this.accounts.set(id, newAccount(id, email, json));
		return { status: 201, json: { account: id } };
	}

	#challenge({ json, session }: Incoming): Json {
		const purpose = Number(json['purpose']);
		if (typeof json['slot'] === 'string') {
			if (session === undefined) throw new Refusal(401, 'auth');
			const slot = session.slots.find(({ id }) => id === json['slot']);
			if (slot === undefined) throw new Refusal(404, 'not-found');
			return this.#proofs.issue({ ...shownOf(session.id, slot), purpose });
		}
		if (typeof json['email'] !== 'string') throw new Refusal(400, 'malformed');
		const email = emailOf(json['email']);
		const account = [...this.accounts.values()].find((each) => each.email === email);
		const slot = account?.slots.find(({ kind }) => kind === 1);
		if (account === undefined || slot === undefined) {
			return this.#proofs.issue({ ...this.#proofs.invent(email), purpose });
		}
		return this.#proofs.issue({ ...shownOf(account.id, slot), purpose });
	}

	#verify({ json, session }: Incoming): Outgoing {
		const proven = this.#check(String(json['token']), String(json['signature']));
		const account = this.accounts.get(proven?.account ?? '');
		const slot = account?.slots.find(({ id }) => id === proven?.slot);
		if (proven === undefined || account === undefined || slot === undefined) {
			throw new Refusal(401, 'auth');
		}
		const answer = { json: { slot: slot.id, wrap: slot.wrap } };
		if (proven.purpose === 8 && session === account) return answer;
		if (proven.purpose !== 1) throw new Refusal(401, 'auth');
		const token = randomBytes(32).toString('base64url');
		this.#sessions.set(token, account.id);
		return { ...answer, cookie: `${COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict` };
	}

	#secrets(incoming: Incoming): Json {
		const vault = vaultOf(incoming);
		if (incoming.json['purpose'] === 'export') this.#allow(incoming);
		const items = incoming.json['items'] as string[];
		return {
			secrets: items.map((item) => {
				const secret = vault.secrets.get(item);
				if (secret === undefined) throw new Refusal(404, 'not-found');
				return { item, ...secret };
			})
		};
	}

	/** Whether the request carries a proof of purpose 5 for exactly itself. */
	#allow({ session, proof, method, path, body }: Incoming): void {
		const text = Buffer.from(proof ?? '', 'base64url').toString();
		const parsed = (proof === null ? {} : JSON.parse(text)) as Json;
		const action = { method, path, body };
		const proven = this.#check(String(parsed['token']), String(parsed['signature']), action);
		if (proven?.purpose !== 5 || proven.account !== session?.id) throw new Refusal(403, 'proof');
	}

	#check(token: string, signature: string, action?: Parameters<Proofs['check']>[3]) {
		const publicKeyOf = ({ account, slot }: Challenge) =>
			this.accounts.get(account)?.slots.find(({ id }) => id === slot)?.authPublicKey;
		return this.#proofs.check(token, signature, publicKeyOf, action);
	}
}

function find(
	method: string,
	path: string
): [keyof typeof routes, Route, Readonly<Record<string, string>>] {
	for (const [name, route] of Object.entries(routes)) {
		const pattern = new RegExp(`^${route.path.replace(/:([a-z]+)/g, '(?<$1>[^/]+)')}$`);
		const match = pattern.exec(path);
		if (match !== null && route.method === method) {
			return [name as keyof typeof routes, route, match.groups ?? {}];
		}
	}
	throw new Refusal(404, 'not-found');
}

/** The body as it arrived, once it passed the route's schema. */
function read(route: Route, body: string): Json {
	let json: unknown;
	try {
		json = body === '' ? undefined : JSON.parse(body);
	} catch {
		throw new Refusal(400, 'malformed');
	}
	if (!z.safeDecode(route.request, json).success) throw new Refusal(400, 'malformed');
	return (json ?? {}) as Json;
}

function seqIn(url: URL, name: string): number | undefined {
	const value = url.searchParams.get(name);
	return value === null ? undefined : Number(value);
}

function emailOf(value: unknown): string {
	try {
		return normaliseEmail(String(value));
	} catch {
		throw new Refusal(400, 'malformed');
	}
}

function sessionOf({ session }: Incoming): StoredAccount {
	if (session === undefined) throw new Refusal(401, 'auth');
	return session;
}

function vaultOf(incoming: Incoming): StoredVault {
	const vault = sessionOf(incoming).vaults.get(incoming.params['vault'] ?? '');
	if (vault === undefined) throw new Refusal(404, 'not-found');
	return vault;
}
