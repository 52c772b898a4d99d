/** A browser's way to a {@link Host}: a `fetch` with a cookie jar, from the host's own origin. */
import type { Fetch } from '#lib/api/client.ts';
import { ORIGIN, type Host } from './host.ts';

export function browserOf(host: Host, address = '192.0.2.1'): Fetch {
	let cookie = '';
	return async (url, init) => {
		const { pathname, search } = new URL(url);
		const headers = Object.fromEntries(new Headers(init.headers));
		const response = await host.send(pathname + search, {
			method: init.method ?? 'GET',
			address,
			headers: { ...headers, origin: ORIGIN, ...(cookie === '' ? {} : { cookie }) },
			...(typeof init.body === 'string' ? { body: init.body } : {})
		});
		const set = response.headers.get('set-cookie');
		if (set !== null) cookie = set.split(';', 1)[0] ?? '';
		return response;
	};
}
