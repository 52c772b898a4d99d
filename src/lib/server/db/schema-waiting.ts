/**
 * The tables of what waits for somebody: a link to be followed, a rotation to switch, a mail to be
 * sent. All of it ends by itself; see prune.ts and mail/sender.ts.
 */
import { foreignKey, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { bytes, wrapped } from '#lib/server/db/columns.ts';
import { accounts } from '#lib/server/db/schema.ts';

/** Accounts that wait for the link in their mail; several may wait for one address. */
export const registrations = sqliteTable(
	'registrations',
	{
		id: text().primaryKey(),
		emailIndex: bytes('email_index').notNull(),
		/** The whole request, as JSON. */
		request: wrapped().notNull(),
		createdAt: integer('created_at').notNull(),
		expiresAt: integer('expires_at').notNull()
	},
	(table) => [
		index('registrations_email_index').on(table.emailIndex),
		index('registrations_expires_at').on(table.expiresAt)
	]
);

/** Links that were mailed or handed over. Each is used once. */
export const links = sqliteTable(
	'links',
	{
		/** SHA-256 of the token. */
		tokenHash: bytes('token_hash').primaryKey(),
		use: text({
			enum: ['confirm', 'invite', 'recover', 'erase', 'erase-stop', 'email-old', 'email-new']
		}).notNull(),
		account: text().references(() => accounts.id, { onDelete: 'cascade' }),
		registration: text().references(() => registrations.id, { onDelete: 'cascade' }),
		/** Of an invitation: whom it is for. */
		emailIndex: bytes('email_index'),
		expiresAt: integer('expires_at').notNull()
	},
	(table) => [
		index('links_account').on(table.account),
		index('links_expires_at').on(table.expiresAt)
	]
);

/** Accounts that are to be erased, at their owner's wish, because nobody can open them. */
export const erasures = sqliteTable('erasures', {
	account: text()
		.primaryKey()
		.references(() => accounts.id, { onDelete: 'cascade' }),
	eraseAt: integer('erase_at').notNull(),
	/** When the next notice goes out. */
	noticeAt: integer('notice_at').notNull(),
	/** The mail of the last one, as long as no mail server has taken it. */
	waitingNotice: text('waiting_notice')
});

/** An email that waits to be confirmed at both addresses. */
export const emailChanges = sqliteTable('email_changes', {
	account: text()
		.primaryKey()
		.references(() => accounts.id, { onDelete: 'cascade' }),
	email: wrapped().notNull(),
	oldConfirmed: integer('old_confirmed', { mode: 'boolean' }).notNull(),
	newConfirmed: integer('new_confirmed', { mode: 'boolean' }).notNull(),
	expiresAt: integer('expires_at').notNull()
});

/** Days on which an account is to be reminded by mail: coarse, and nothing else of what is due. */
export const reminders = sqliteTable(
	'reminders',
	{
		account: text()
			.notNull()
			.references(() => accounts.id, { onDelete: 'cascade' }),
		/** `YYYY-MM-DD` */
		day: text().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.account, table.day] }),
		index('reminders_day').on(table.day)
	]
);

/** Rotations whose records are on their way; dropped after a day. */
export const rotations = sqliteTable(
	'rotations',
	{
		account: text()
			.notNull()
			.references(() => accounts.id, { onDelete: 'cascade' }),
		id: text().notNull(),
		/** Of everything that came for it, also what replaced something else. */
		bytes: integer().notNull().default(0),
		createdAt: integer('created_at').notNull()
	},
	(table) => [primaryKey({ columns: [table.account, table.id] })]
);

/** Staged records, wrapped for the place that they will take. `kind` is the table of that place. */
export const rotationRecords = sqliteTable(
	'rotation_records',
	{
		account: text().notNull(),
		rotation: text().notNull(),
		vault: text().notNull(),
		kind: text({ enum: ['sheet', 'secret'] }).notNull(),
		id: text().notNull(),
		blob: wrapped().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.account, table.rotation, table.vault, table.kind, table.id] }),
		foreignKey({
			name: 'rotation_records_rotation',
			columns: [table.account, table.rotation],
			foreignColumns: [rotations.account, rotations.id]
		}).onDelete('cascade')
	]
);

/** Mails that wait to be sent. They outlive their account: the last one says that it is gone. */
export const mails = sqliteTable(
	'mails',
	{
		id: text().primaryKey(),
		/** Address, subject and text, as JSON. */
		message: wrapped().notNull(),
		tries: integer().notNull(),
		dueAt: integer('due_at').notNull(),
		/** Past this it helps nobody. */
		expiresAt: integer('expires_at').notNull()
	},
	(table) => [index('mails_due_at').on(table.dueAt)]
);
