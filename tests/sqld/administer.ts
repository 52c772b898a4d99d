/** Tells a libSQL server what is to be true of one of its databases. */

export const LOOPBACK = '127.0.0.1';

/** @param path the name of a database, and what is done to it: `tenant/create`, `tenant/config`. */
export async function administer(port: number, path: string, json: unknown): Promise<void> {
	const response = await fetch(`http://${LOOPBACK}:${port}/v1/namespaces/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(json)
	});
	if (!response.ok) throw new Error(`sqld refuses ${path}: ${response.status}`);
}
