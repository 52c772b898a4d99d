/**
 * The tables. Everything of an account carries its account id in its primary key: ids are made by
 * clients, so two accounts may name a vault alike, and neither may notice.
 *
 * Blobs and personal columns are `wrapped` (docs/protocol.md, 12). Times are milliseconds since
 * 1970. What waits for somebody stands in schema-waiting.ts, the audit log in schema-audit.ts.
 * Changes: edit these files, run
 * `npx drizzle-kit generate`, never edit what landed in drizzle/.
 */
import { sql } from 'drizzle-orm';
import {
	check,
	foreignKey,
	index,
	integer,
	primaryKey,
	sqliteTable,
	text,
	type AnySQLiteColumn
} from 'drizzle-orm/sqlite-core';
import { bytes, wrapped } from '#lib/server/db/columns.ts';

export const accounts = sqliteTable('accounts', {
	id: text().primaryKey(),
	/** HMAC of the normalised email: finds an account, tells nobody the address. */
	emailIndex: bytes('email_index').notNull().unique(),
	email: wrapped().notNull(),
	generation: integer().notNull(),
	seq: integer().notNull(),
	head: bytes().notNull(),
	manifest: wrapped().notNull(),
	settings: wrapped(),
	/** Of the mails that it gets. */
	language: text().notNull().default('en'),
	/** What its vaults hold together, as of its last write; see storage.ts. */
	storedBytes: integer('stored_bytes').notNull().default(0),
	storedKeys: integer('stored_keys').notNull().default(0),
	createdAt: integer('created_at').notNull()
});

export const slots = sqliteTable(
	'slots',
	{
		account: text()
			.notNull()
			.references(() => accounts.id, { onDelete: 'cascade' }),
		id: text().notNull(),
		kind: integer().notNull(),
		revision: integer().notNull(),
		/** HMAC of the locator of a recovery slot. */
		locatorIndex: bytes('locator_index').unique(),
		locator: wrapped(),
		profile: wrapped(),
		salt: wrapped(),
		/** Zeros of a passkey, which proves by its credential's own key. */
		authPublicKey: wrapped('auth_public_key').notNull(),
		/** HMAC of a passkey's credential id. */
		credentialIndex: bytes('credential_index').unique(),
		credential: wrapped(),
		/** COSE public key. */
		credentialKey: wrapped('credential_key'),
		/** What the authenticator counted last; 0 if it does not count. */
		signCount: integer('sign_count').notNull().default(0),
		/** The last proof by this passkey. */
		usedAt: integer('used_at'),
		wrap: wrapped().notNull(),
		createdAt: integer('created_at').notNull()
	},
	(table) => [primaryKey({ columns: [table.account, table.id] })]
);

/** SHA-256 of the wrapped account manifest of every seq. */
export const accountChain = sqliteTable(
	'account_chain',
	{
		account: text()
			.notNull()
			.references(() => accounts.id, { onDelete: 'cascade' }),
		seq: integer().notNull(),
		hash: bytes().notNull()
	},
	(table) => [primaryKey({ columns: [table.account, table.seq] })]
);

export const vaults = sqliteTable(
	'vaults',
	{
		account: text()
			.notNull()
			.references(() => accounts.id, { onDelete: 'cascade' }),
		id: text().notNull(),
		generation: integer().notNull(),
		seq: integer().notNull(),
		head: bytes().notNull(),
		manifest: wrapped().notNull(),
		keyWrap: wrapped('key_wrap').notNull(),
		/** Rows of this vault. The limits stand here, so that no race gets past them. */
		sheetCount: integer('sheet_count').notNull(),
		secretCount: integer('secret_count').notNull(),
		/**
		 * Bytes of the sheets as they are stored, at most 90 MiB. In base64url, with the longest chain
		 * and the largest manifest, that is less than a list answer; 20,000 full entries are 77 MiB.
		 */
		sheetBytes: integer('sheet_bytes').notNull(),
		/** Bytes of the secrets as they are stored: what bounds them is the account's share of the disk. */
		secretBytes: integer('secret_bytes').notNull().default(0),
		createdAt: integer('created_at').notNull()
	},
	(table) => [
		primaryKey({ columns: [table.account, table.id] }),
		check('vaults_sheet_count', sql`sheet_count <= 20000`),
		check('vaults_secret_count', sql`secret_count <= 20000`),
		check('vaults_sheet_bytes', sql`sheet_bytes <= 94371840`)
	]
);

/** SHA-256 of the wrapped vault manifest of every seq. */
export const vaultChain = sqliteTable(
	'vault_chain',
	{
		account: text().notNull(),
		vault: text().notNull(),
		seq: integer().notNull(),
		hash: bytes().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.account, table.vault, table.seq] }),
		inVault('vault_chain_vault', table)
	]
);

export const sheets = sqliteTable(
	'sheets',
	{
		account: text().notNull(),
		vault: text().notNull(),
		id: text().notNull(),
		/** Seq of the commit that wrote it. */
		revision: integer().notNull(),
		blob: wrapped().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.account, table.vault, table.id] }),
		index('sheets_revision').on(table.account, table.vault, table.revision),
		inVault('sheets_vault', table)
	]
);

export const secrets = sqliteTable(
	'secrets',
	{
		account: text().notNull(),
		vault: text().notNull(),
		item: text().notNull(),
		/** Seq of the commit that wrote it. */
		revision: integer().notNull(),
		blob: wrapped().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.account, table.vault, table.item] }),
		inVault('secrets_vault', table)
	]
);

export const sessions = sqliteTable(
	'sessions',
	{
		/** SHA-256 of the token: a read database signs nobody in. */
		tokenHash: bytes('token_hash').primaryKey(),
		/** What a list of devices may show, and what ends one of them. */
		handle: text().notNull().unique(),
		account: text()
			.notNull()
			.references(() => accounts.id, { onDelete: 'cascade' }),
		client: text({ enum: ['web', 'cli'] }).notNull(),
		/** What the browser said it is, in a few words. */
		device: wrapped(),
		/** Of a request, to within some minutes. */
		usedAt: integer('used_at').notNull().default(0),
		createdAt: integer('created_at').notNull(),
		expiresAt: integer('expires_at').notNull()
	},
	(table) => [index('sessions_account').on(table.account)]
);

/** Challenges that were signed well once. Kept for a day after their end; see prune.ts. */
export const usedChallenges = sqliteTable(
	'used_challenges',
	{
		challenge: bytes().primaryKey(),
		expiresAt: integer('expires_at').notNull()
	},
	(table) => [index('used_challenges_expires_at').on(table.expiresAt)]
);

/** Rate limits that survive a restart; see limits.ts. */
export const counters = sqliteTable(
	'counters',
	{
		/** HMAC of the limit's name and of whom it counts. */
		key: bytes().primaryKey(),
		count: integer().notNull(),
		expiresAt: integer('expires_at').notNull()
	},
	(table) => [index('counters_expires_at').on(table.expiresAt)]
);

/** TOTP of an account. A row whose `on` is false is a seed that waits for its first code. */
export const secondFactors = sqliteTable('second_factors', {
	account: text()
		.primaryKey()
		.references(() => accounts.id, { onDelete: 'cascade' }),
	seed: wrapped().notNull(),
	on: integer({ mode: 'boolean' }).notNull(),
	/** The last time step that was used: none is taken twice, or after a later one. */
	usedStep: integer('used_step').notNull(),
	createdAt: integer('created_at').notNull()
});

/** Backup codes that were not used yet. */
export const backupCodes = sqliteTable(
	'backup_codes',
	{
		account: text()
			.notNull()
			.references(() => accounts.id, { onDelete: 'cascade' }),
		/** HMAC of account and code. */
		codeIndex: bytes('code_index').notNull()
	},
	(table) => [primaryKey({ columns: [table.account, table.codeIndex] })]
);

/** Random keys of this server, wrapped: index, fake salt, challenge. */
export const serverKeys = sqliteTable('server_keys', {
	name: text().primaryKey(),
	key: wrapped().notNull()
});

/**
 * Addresses that belong to another of several databases than their hash says: their account asked for
 * them when it was there. See addresses.ts.
 */
export const movedAddresses = sqliteTable('moved_addresses', {
	/** As `accounts` of this database would have it. */
	emailIndex: bytes('email_index').primaryKey(),
	shard: integer().notNull(),
	/** When it was claimed last. */
	claimedAt: integer('claimed_at').notNull()
});

/** Which ENCRYPTION_KEYS this database was written with, in the order in which they came first. */
export const encryptionKeys = sqliteTable('encryption_keys', {
	/** First 8 bytes of a hash of the key, hexadecimal. */
	name: text().primaryKey(),
	/** The highest one is the key that encrypts. */
	place: integer().notNull().unique(),
	since: integer().notNull(),
	/** A value wrapped with this very key: proves that a key of that name is the one. */
	proof: wrapped().notNull()
});

/** Ties a record to its vault, and lets it go with it. */
function inVault(
	name: string,
	{ account, vault }: { account: AnySQLiteColumn; vault: AnySQLiteColumn }
) {
	return foreignKey({
		name,
		columns: [account, vault],
		foreignColumns: [vaults.account, vaults.id]
	}).onDelete('cascade');
}
