/**
 * Asks a server over `node:http`, with its cookie and where it comes from, as a browser does it. Node's
 * own `fetch` costs a program that is started for one thing as much as its own start.
 */
import { Agent, request, type IncomingMessage } from 'node:http';
import type { Answer, Ask } from '#lib/api/client.ts';

/** Of a browser: one connection is kept for the next question, and the session. */
export class Asking {
	readonly #origin: string;
	readonly #agent = new Agent({ keepAlive: true });
	/** Empty where there is no session. */
	cookie: string;

	constructor(origin: string, cookie = '') {
		this.#origin = origin;
		this.cookie = cookie;
	}

	readonly ask: Ask = (url, { method = 'GET', headers, body }) =>
		new Promise((resolve, reject) => {
			const asked = request(url, { method, agent: this.#agent });
			for (const [name, value] of Object.entries(headers ?? {})) {
				asked.setHeader(name, String(value));
			}
			asked.setHeader('origin', this.#origin);
			if (this.cookie !== '') asked.setHeader('cookie', this.cookie);
			asked.once('error', reject);
			asked.once('response', (response) => {
				this.cookie = response.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? this.cookie;
				resolve(answerOf(response));
			});
			asked.end(body);
		});
}

function answerOf(response: IncomingMessage): Answer {
	const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
	const cancel = () => {
		response.destroy();
		return Promise.resolve();
	};
	const read = async () => {
		const { done = false, value } = await pieces.next();
		return done || value === undefined
			? ({ done: true, value: undefined } as const)
			: ({ done: false, value } as const);
	};
	return {
		status: response.statusCode ?? 0,
		headers: { get: (name) => response.headers[name]?.toString() ?? null },
		body: { getReader: () => ({ read, cancel }), cancel }
	};
}
