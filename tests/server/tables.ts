/** What the database holds, table by table, so that a test can say that nothing has changed. */
import type { Value } from '@libsql/client';
import type { Host } from './host.ts';

/** What a proof leaves by itself, whatever becomes of the request that it travels with. */
const OF_PROOFS = [
	'audit',
	'audit_chains',
	'audit_devices',
	'counters',
	'sessions',
	'used_challenges'
];

export async function tablesOf(host: Host): Promise<string[]> {
	const rows = await host.sql(
		"select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '\\_\\_%' escape '\\' order by name"
	);
	return rows.map(({ name }) => textOf(name));
}

/** Every row of every table, but for what proofs leave. */
export async function dumpOf(host: Host): Promise<Record<string, string[]>> {
	const dump: Record<string, string[]> = {};
	for (const table of await tablesOf(host)) {
		if (OF_PROOFS.includes(table)) continue;
		const rows = await host.sql(`select * from "${table}"`);
		dump[table] = rows.map((row) => JSON.stringify(Array.from(row).map(textOf))).sort();
	}
	return dump;
}

/** Bytes in hexadecimal; everything else as it is. */
export function textOf(value: Value | undefined): string {
	return value instanceof ArrayBuffer ? Buffer.from(value).toString('hex') : String(value);
}
