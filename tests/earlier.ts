/** Databases of earlier versions, with rows in them: made by taking back what later migrations did. */
import { createClient } from '@libsql/client';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationsFolder } from '#lib/server/db/migrate.ts';

/** The SQL of each migration, the first one first. */
export function migrations(): string[] {
	return readdirSync(migrationsFolder())
		.filter((name) => name.endsWith('.sql'))
		.sort()
		.map((name) => readFileSync(join(migrationsFolder(), name), 'utf8'));
}

/** Leaves of the database in `file` what the first `kept` migrations made of it. */
export async function takeBackTo(kept: number, file: string): Promise<void> {
	const all = migrations();
	const client = createClient({ url: `file:${file}`, timeout: 5_000 });
	try {
		for (const sql of all.slice(kept).reverse()) {
			for (const statement of undoing(sql, all.join('\n'))) await client.execute(statement);
		}
	} finally {
		client.close();
	}
}

/** Undoes what a migration of tables, columns and indexes did; `all` made those that it dropped. */
function undoing(sql: string, all: string): string[] {
	const names = (pattern: RegExp) => [...sql.matchAll(pattern)].map(([, ...found]) => found);
	const madeBefore = (index: string) => {
		const made = all.split(/;|--> statement-breakpoint/);
		return made.find((text) => text.includes(`INDEX \`${index}\``)) ?? '';
	};
	return [
		...names(/CREATE (?:UNIQUE )?INDEX `(\w+)`/g).map(([index = '']) => `drop index ${index}`),
		...names(/CREATE TABLE `(\w+)`/g)
			.reverse()
			.map(([table = '']) => `drop table ${table}`),
		...names(/ALTER TABLE `(\w+)` ADD `(\w+)`/g).map(
			([table = '', column = '']) => `alter table ${table} drop column ${column}`
		),
		...names(/DROP INDEX `(\w+)`/g).map(([index = '']) => madeBefore(index)),
		'delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)'
	];
}
