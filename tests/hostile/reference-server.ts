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
import { asserts } from './reference-passkeys.ts';
import { NO_ID, Proofs, type Challenge, type SignedAction } from './reference-proofs.ts';
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
	type StoredSlot,
	type StoredVault
} from './reference-records.ts';
import { acceptRestore, rotate, stagePart } from './reference-rotation.ts';

interface Incoming {
	readonly session: StoredAccount | undefined;
	/** Of the session's cookie. */
	readonly token: string | undefined;
	readonly body: string;
	readonly json: Json;
	readonly path: string;
	readonly method: string;
	readonly params: Readonly<Record<string, string>>;
	readonly after: number | undefined;
	readonly chain: number | undefined;
	readonly proof: string | null;
}

interface Session {
	/** As it is shown. */
	readonly id: string;
	readonly account: string;
}

const COOKIE = '__Host-keyhold';

export class ReferenceServer {
	readonly accounts = new Map<string, StoredAccount>();
	/** Accounts that wait for the link of their mail. */
	readonly waiting = new Map<string, StoredAccount>();
	/** Whether it takes new accounts. */
	open = true;
	/** Whether it has addresses confirmed, and a link asked for with a kit. */
	mail = false;
	/** What the first account has to know, if anything. */
	setupCode: string | undefined;
	/** What an invitation has to be, if one is asked for, as base64url. */
	invitation: string | undefined;
	/** Tokens of links for signing in with a kit, as base64url; each works once. */
	readonly links = new Set<string>();
	readonly #sessions = new Map<string, Session>();
	readonly #proofs: Proofs;
	readonly #origin: string;
	readonly #now: () => number;

	constructor(origin: string, now: () => number) {
		this.#origin = origin;
		this.#now = now;
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

	/** Whether `signature` answers `challenge` for this request. */
	signs(challenge: Challenge, signature: string, action?: SignedAction): boolean {
		const { authPublicKey } = this.#slotOf(challenge, undefined)?.[1] ?? {};
		if (authPublicKey === undefined) return false;
		return this.#proofs.signs(challenge, authPublicKey, signature, action);
	}

	/** The link of the confirmation mail was followed. */
	confirm(): void {
		for (const [id, account] of this.waiting) this.accounts.set(id, account);
		this.waiting.clear();
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
		const session = this.accounts.get(this.#sessions.get(token ?? '')?.account ?? '');
		if (route.session === 'needed' && session === undefined) throw new Refusal(401, 'auth');
		const body = await request.text();
		if (body.length > route.maxBodyBytes) throw new Refusal(413, 'too-large');
		const incoming: Incoming = {
			session,
			token,
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
				return this.#commit(incoming);
			case 'vault':
				return { json: vaultHead(vaultOf(incoming), incoming.after, incoming.chain) };
			case 'vaultCommit':
				return commitVault(vaultOf(incoming), incoming.json);
			case 'secrets':
				return { json: this.#secrets(incoming) };
			case 'rotationPart':
				return stagePart(sessionOf(incoming), incoming.params['rotation'] ?? '', incoming.json);
			case 'rotation':
				this.#allow(incoming, 4);
				return this.#endingOthers(incoming, rotate(sessionOf(incoming), incoming.json));
			case 'acceptRestore':
				this.#allow(incoming, 7);
				return acceptRestore(sessionOf(incoming), incoming.json);
			default:
				return this.#manage(name, incoming);
		}
	}

	/** Sessions, second factor, email, the end. */
	#manage(name: keyof typeof routes, incoming: Incoming): Outgoing {
		const { json, params } = incoming;
		const account = sessionOf(incoming);
		switch (name) {
			case 'sessions':
				return { json: { sessions: this.#listed(incoming) } };
			case 'endSession':
				this.#allow(incoming, 2);
				this.#end(({ id, account: of }) => of === account.id && id === params['session']);
				return {};
			case 'endOtherSessions':
				this.#allow(incoming, 2);
				return this.#endingOthers(incoming, {});
			case 'secondFactor': {
				const { on, codes } = account.factor;
				return { json: { on, backupCodes: on ? Math.min(codes.size, 10) : 0 } };
			}
			case 'secondFactorSeed':
				this.#allow(incoming, 2);
				return { json: { seed: Buffer.from('12345678901234567890').toString('base64url') } };
			case 'secondFactorOn':
			case 'secondFactorOff':
				this.#allow(incoming, 2);
				return { json: changeFactor(account, name === 'secondFactorOn', String(json['code'])) };
			case 'emailChange':
				return { json: account.emailChange };
			case 'askEmailChange':
				this.#allow(incoming, 2);
				if (this.mail) account.emailChange = waitingFor(emailOf(json['email']));
				return { json: account.emailChange };
			case 'erasureState':
				return { json: {} };
			case 'dropAccount':
				this.#allow(incoming, 6);
				this.accounts.delete(account.id);
				this.#end(({ account: of }) => of === account.id);
				return {};
			default:
				throw new Refusal(404, 'not-found');
		}
	}

	#commit(incoming: Incoming): Outgoing {
		const account = sessionOf(incoming);
		const { json } = incoming;
		const slots = json['slots'] as unknown[];
		const email = json['email'] === undefined ? undefined : emailOf(json['email']);
		if (email !== undefined) this.#allow(incoming, 2);
		else if (slots.length > 0) this.#allow(incoming, 3);
		else if ((json['droppedVaults'] as unknown[]).length > 0) this.#allow(incoming, 6);
		if (email !== undefined && this.mail && !isConfirmed(account, email)) {
			throw new Refusal(403, 'link');
		}
		const outgoing = commitAccount(account, json, this.#origin);
		if (outgoing.status === 409) return outgoing;
		if (email !== undefined) {
			account.email = email;
			account.emailChange = { state: 'none' };
		}
		return slots.length > 0 ? this.#endingOthers(incoming, outgoing) : outgoing;
	}

	#listed({ session, token }: Incoming): Json[] {
		return [...this.#sessions]
			.filter(([, { account }]) => account === session?.id)
			.map(([key, { id }]) => ({
				...{ id, client: 'web', device: 'Firefox on Linux' },
				...{ createdAtMs: this.#now(), usedAtMs: this.#now(), current: key === token }
			}));
	}

	#endingOthers({ session, token }: Incoming, outgoing: Outgoing): Outgoing {
		if (outgoing.status === 409) return outgoing;
		this.#end((each, key) => each.account === session?.id && key !== token);
		return outgoing;
	}

	#end(which: (session: Session, key: string) => boolean): void {
		for (const [key, session] of [...this.#sessions]) {
			if (which(session, key)) this.#sessions.delete(key);
		}
	}

	#register({ json }: Incoming): Outgoing {
		if (!this.open) throw new Refusal(403, 'closed');
		if (this.invitation !== undefined && json['invitation'] !== this.invitation) {
			throw new Refusal(403, 'link');
		}
		if (this.setupCode !== undefined && json['setupCode'] !== this.setupCode) {
			throw new Refusal(403, 'setup-code');
		}
		const email = emailOf(json['email']);
		const id = String(json['account']);
		const known = [...this.accounts.values()].some((account) => account.email === email);
		const taken = known || this.accounts.has(id);
		if (this.mail) {
			if (!taken) this.waiting.set(id, newAccount(id, email, json));
			return { status: 201, json: { account: id, state: 'confirm' } };
		}
		if (taken) throw new Refusal(409, 'taken');
		this.accounts.set(id, newAccount(id, email, json));
		return { status: 201, json: { account: id, state: 'open' } };
	}

	#challenge({ json, session }: Incoming): Json {
		const purpose = Number(json['purpose']);
		if (typeof json['slot'] === 'string') {
			if (session === undefined) throw new Refusal(401, 'auth');
			const slot = session.slots.find(({ id }) => id === json['slot']);
			if (slot === undefined) throw new Refusal(404, 'not-found');
			return this.#proofs.issue({ ...shownOf(session.id, slot), purpose });
		}
		if (json['passkey'] === true) {
			const nobody = { account: NO_ID, slot: NO_ID, kind: 3, profile: 0, salt: NO_ID };
			return this.#proofs.issue({ ...nobody, purpose });
		}
		if (typeof json['locator'] === 'string') {
			const locator = json['locator'];
			const found = this.#find((slot) => slot['locator'] === locator);
			const shown = found === undefined ? this.#proofs.inventKit(locator) : shownOf(...found);
			return this.#proofs.issue({ ...shown, purpose });
		}
		const email = emailOf(json['email']);
		const found = this.#find((slot, account) => slot.kind === 1 && account.email === email);
		const shown = found === undefined ? this.#proofs.invent(email) : shownOf(...found);
		return this.#proofs.issue({ ...shown, purpose });
	}

	#find(
		which: (slot: StoredSlot, account: StoredAccount) => boolean
	): [account: string, slot: StoredSlot] | undefined {
		for (const account of this.accounts.values()) {
			const slot = account.slots.find((each) => which(each, account));
			if (slot !== undefined) return [account.id, slot];
		}
		return undefined;
	}

	#verify({ json, session }: Incoming): Outgoing {
		const proven = this.#check(json);
		const account = this.accounts.get(proven?.account ?? '');
		if (proven === undefined || account === undefined) throw new Refusal(401, 'auth');
		const { slot, purpose } = proven;
		if (purpose !== 1 && (purpose !== 8 || session !== account)) throw new Refusal(401, 'auth');
		if (slot.kind === 2 && purpose === 1 && this.mail && !this.links.delete(String(json['link']))) {
			throw new Refusal(403, 'link');
		}
		const { factor } = account;
		if (slot.kind !== 3 && factor.on && !factor.codes.delete(String(json['code']))) {
			throw new Refusal(401, 'second-factor');
		}
		const answer = { json: { slot: slot.id, wrap: slot.wrap } };
		if (purpose === 8) return answer;
		const token = randomBytes(32).toString('base64url');
		const id = randomBytes(16).toString('base64url');
		this.#sessions.set(token, { id, account: account.id });
		return { ...answer, cookie: `${COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict` };
	}

	#secrets(incoming: Incoming): Json {
		const vault = vaultOf(incoming);
		if (incoming.json['purpose'] === 'export') this.#allow(incoming, 5);
		const items = incoming.json['items'] as string[];
		return {
			secrets: items.map((item) => {
				const secret = vault.secrets.get(item);
				if (secret === undefined) throw new Refusal(404, 'not-found');
				return { item, ...secret };
			})
		};
	}

	/** Refuses a request that carries no proof of `purpose` for exactly itself. */
	#allow({ session, proof, method, path, body }: Incoming, purpose: number): void {
		const text = Buffer.from(proof ?? '', 'base64url').toString();
		const parsed = (proof === null ? {} : JSON.parse(text)) as Json;
		const proven = this.#check(parsed, { method, path, body });
		if (proven?.purpose !== purpose || proven.account !== session?.id) {
			throw new Refusal(403, 'proof');
		}
	}

	/** Who proved what, by a signature or by a passkey. */
	#check(
		json: Json,
		action?: SignedAction
	): { account: string; slot: StoredSlot; purpose: number } | undefined {
		const assertion = json['assertion'] as Json | undefined;
		let by: [account: string, slot: StoredSlot] | undefined;
		const proven = this.#proofs.check(String(json['token']), (challenge) => {
			by = this.#slotOf(challenge, assertion);
			if (by === undefined) return false;
			const [, { authPublicKey, stored }] = by;
			if (stored !== undefined && assertion !== undefined) {
				return asserts(stored, assertion, challenge, this.#origin, action);
			}
			if (authPublicKey === undefined) return false;
			return this.#proofs.signs(challenge, authPublicKey, String(json['signature']), action);
		});
		if (proven === undefined || by === undefined) return undefined;
		const [account, slot] = by;
		return { account, slot, purpose: proven.purpose };
	}

	#slotOf({ account, slot, kind }: Challenge, assertion: Json | undefined) {
		if (kind === 3 && assertion !== undefined) {
			return this.#find(({ stored }) => stored?.credential === assertion['credential']);
		}
		return this.#find(({ id }, { id: of }) => id === slot && of === account);
	}
}

/** A code from the seed, or a current one; each works once. */
function changeFactor({ factor }: StoredAccount, on: boolean, code: string): Json {
	if (!factor.codes.delete(code)) return { outcome: 'wrong-code' };
	factor.on = on;
	if (!on) return { outcome: 'off' };
	const backupCodes = Array.from({ length: 10 }, (_, index) => `ABCDEFGH0${String(index)}`);
	for (const each of backupCodes) factor.codes.add(each);
	return { outcome: 'on', backupCodes };
}

function waitingFor(email: string): Json {
	return { state: 'waiting', email, oldConfirmed: false, newConfirmed: false };
}

function isConfirmed({ emailChange }: StoredAccount, email: string): boolean {
	const { email: asked, oldConfirmed, newConfirmed } = emailChange;
	return asked === email && oldConfirmed === true && newConfirmed === true;
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
