/**
 * A link to a server that is a list of answers: for what a keyholder does with a single one of them,
 * where a whole account would only be in the way.
 */
import { randomBytes } from '#lib/crypto/random.ts';
import { Life } from '#lib/keyholder/life.ts';
import { Link } from '#lib/keyholder/link.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import { cheapRoot, NOW, ORIGIN } from './harness.ts';
import { MemoryPins } from './memory-pins.ts';

interface Sent {
	/** As `GET /api/v1/account?after=1`. */
	readonly request: string;
	/** Its JSON, undefined without one. */
	readonly body: unknown;
}

/** The code of a problem, or the JSON of an answer. */
type Scripted = string | object;

const STATUS: Readonly<Record<string, number>> = { 'not-found': 404, link: 403, limited: 429 };

/** Every answer is given once, in order. */
export function scriptedLink(answers: readonly Scripted[], ports: Partial<Ports> = {}) {
	const left = [...answers];
	const sent: Sent[] = [];
	const fetch: Ports['fetch'] = (url, { method = 'GET', body }) => {
		const { pathname, search } = new URL(url);
		const json = typeof body === 'string' ? (JSON.parse(body) as unknown) : undefined;
		sent.push({ request: `${method} ${pathname}${search}`, body: json });
		const answer = left.shift();
		if (answer === undefined) return Promise.reject(new TypeError('connection lost'));
		return Promise.resolve(responseOf(answer));
	};
	const life = new Life();
	const link = new Link(
		{
			...{ origin: ORIGIN, fetch, now: () => NOW, random: randomBytes, pins: new MemoryPins() },
			derive: (password, salt, profile) => Promise.resolve(cheapRoot(password, salt, profile)),
			...ports
		},
		life
	);
	return { link, life, sent };
}

function responseOf(answer: Scripted): Response {
	if (typeof answer === 'object') return Response.json(answer);
	const status = STATUS[answer] ?? 401;
	const problem = { type: 'about:blank', title: 'No.', status, code: answer };
	const headers = { 'content-type': 'application/problem+json' };
	return new Response(JSON.stringify(problem), { status, headers });
}
