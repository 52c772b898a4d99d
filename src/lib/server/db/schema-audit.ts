/** The tables of the audit log, and of what clients added to it; see audit.ts. */
import {
	foreignKey,
	index,
	integer,
	primaryKey,
	sqliteTable,
	text,
	uniqueIndex
} from 'drizzle-orm/sqlite-core';
import { bytes, wrapped } from '#lib/server/db/columns.ts';
import { accounts, vaults } from '#lib/server/db/schema.ts';

/** What happened, as long as retention.ts keeps it. No reference to accounts: nobody has rows too. */
export const audit = sqliteTable(
	'audit',
	{
		id: integer().primaryKey({ autoIncrement: true }),
		at: integer().notNull(),
		account: text().notNull(),
		event: text().notNull(),
		vault: text(),
		item: text(),
		/** Why a secret was read, which limit refused. */
		detail: text(),
		/** Counts the rows of an account, from 1. */
		seq: integer().notNull().default(0),
		/** A row of audit_devices. */
		device: text(),
		/** A row of notes. */
		note: text(),
		/** MAC over the hash of the row before and this row. Rows from before there was a chain have none. */
		hash: bytes()
	},
	(table) => [uniqueIndex('audit_seq').on(table.account, table.seq), index('audit_at').on(table.at)]
);

/** Where the log of an account stands, and up to where it was forgotten. */
export const auditChains = sqliteTable('audit_chains', {
	account: text().primaryKey(),
	seq: integer().notNull(),
	hash: bytes().notNull(),
	/** The last row that is not kept any more, and its hash: what the oldest one goes on from. */
	forgottenSeq: integer('forgotten_seq').notNull(),
	forgottenHash: bytes('forgotten_hash').notNull()
});

/** What an account's rows came from, as browsers say it. */
export const auditDevices = sqliteTable(
	'audit_devices',
	{
		account: text()
			.notNull()
			.references(() => accounts.id, { onDelete: 'cascade' }),
		/** A MAC of account and name. */
		id: text().notNull(),
		name: wrapped().notNull()
	},
	(table) => [primaryKey({ columns: [table.account, table.id] })]
);

/** What a client wrote beside a row, sealed with a key of the vault's generation. */
export const notes = sqliteTable(
	'notes',
	{
		account: text().notNull(),
		vault: text().notNull(),
		id: text().notNull(),
		generation: integer().notNull(),
		blob: wrapped().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.account, table.vault, table.id] }),
		foreignKey({
			name: 'notes_vault',
			columns: [table.account, table.vault],
			foreignColumns: [vaults.account, vaults.id]
		}).onDelete('cascade')
	]
);
