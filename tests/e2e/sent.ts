/** Everything that a page and its workers send, to be searched for what must never leave the browser. */
import { expect, type Page } from '@playwright/test';

const FORMS = ['latin1', 'utf8', 'hex', 'base64', 'base64url'] as const;

export class Sent {
	readonly #texts: string[] = [];
	/** Requests with something in them, by path: whether it was seen. */
	readonly #bodies: { readonly path: string; readonly seen: boolean }[] = [];

	constructor(page: Page) {
		page.on('request', (request) => {
			const headers = JSON.stringify(request.headers());
			const body = request.postDataBuffer()?.toString('latin1') ?? '';
			this.#texts.push(`${request.url()} ${headers} ${body}`);
			if (request.method() !== 'POST') return;
			this.#bodies.push({ path: new URL(request.url()).pathname, seen: body !== '' });
		});
	}

	/**
	 * Fails if one of `secrets` was sent, in any form; and if this could not have been seen, because
	 * the body of a request stayed hidden or `open`, which is sent as it is, is not found either.
	 */
	expectNothingOf(secrets: readonly Buffer[], open: string): void {
		const all = this.#texts.join('\n');
		expect(this.#bodies.filter(({ seen }) => !seen)).toEqual([]);
		expect(all).toContain(open);
		for (const secret of secrets) {
			for (const form of FORMS) expect(all).not.toContain(secret.toString(form).replace(/=+$/, ''));
		}
	}

	/** How many requests with something in them went to a path that ends so. */
	count(end: string): number {
		return this.#bodies.filter(({ path }) => path.endsWith(end)).length;
	}
}
