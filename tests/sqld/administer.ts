/** Tells a libSQL server what is to be true of one of its databases. */

export const LOOPBACK = '127.0.0.1';

/** @param path the name of a database, and what is done to it: `tenant/create`, `tenant/config`. */
export async function administer(port: number, path: string, json: unknown): Promise<void> {
	await send(port, path, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(json)
	});
}

/** The database goes, and with it the memory and the open files that the server has for it. */
export async function dropNamespace(port: number, name: string): Promise<void> {
	await send(port, name, { method: 'DELETE' });
}

async function send(port: number, path: string, request: RequestInit): Promise<void> {
	const response = await fetch(`http://${LOOPBACK}:${port}/v1/namespaces/${path}`, request);
	if (!response.ok) {
		throw new Error(`sqld refuses ${request.method} ${path}: ${response.status}`);
	}
}
