CREATE TABLE `account_chain` (
	`account` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` blob NOT NULL,
	PRIMARY KEY(`account`, `seq`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`email_index` blob NOT NULL,
	`email` blob NOT NULL,
	`generation` integer NOT NULL,
	`seq` integer NOT NULL,
	`head` blob NOT NULL,
	`manifest` blob NOT NULL,
	`settings` blob,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_email_index_unique` ON `accounts` (`email_index`);--> statement-breakpoint
CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`account` text NOT NULL,
	`event` text NOT NULL,
	`vault` text,
	`item` text,
	`detail` text
);
--> statement-breakpoint
CREATE INDEX `audit_account` ON `audit` (`account`,`id`);--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`);--> statement-breakpoint
CREATE TABLE `counters` (
	`key` blob PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `counters_expires_at` ON `counters` (`expires_at`);--> statement-breakpoint
CREATE TABLE `encryption_keys` (
	`name` text PRIMARY KEY NOT NULL,
	`place` integer NOT NULL,
	`since` integer NOT NULL,
	`proof` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `encryption_keys_place_unique` ON `encryption_keys` (`place`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`account` text NOT NULL,
	`vault` text NOT NULL,
	`item` text NOT NULL,
	`revision` integer NOT NULL,
	`blob` blob NOT NULL,
	PRIMARY KEY(`account`, `vault`, `item`),
	FOREIGN KEY (`account`,`vault`) REFERENCES `vaults`(`account`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `server_keys` (
	`name` text PRIMARY KEY NOT NULL,
	`key` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`token_hash` blob PRIMARY KEY NOT NULL,
	`handle` text NOT NULL,
	`account` text NOT NULL,
	`client` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_handle_unique` ON `sessions` (`handle`);--> statement-breakpoint
CREATE INDEX `sessions_account` ON `sessions` (`account`);--> statement-breakpoint
CREATE TABLE `sheets` (
	`account` text NOT NULL,
	`vault` text NOT NULL,
	`id` text NOT NULL,
	`revision` integer NOT NULL,
	`blob` blob NOT NULL,
	PRIMARY KEY(`account`, `vault`, `id`),
	FOREIGN KEY (`account`,`vault`) REFERENCES `vaults`(`account`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sheets_revision` ON `sheets` (`account`,`vault`,`revision`);--> statement-breakpoint
CREATE TABLE `slots` (
	`account` text NOT NULL,
	`id` text NOT NULL,
	`kind` integer NOT NULL,
	`revision` integer NOT NULL,
	`locator_index` blob,
	`locator` blob,
	`profile` blob,
	`salt` blob,
	`auth_public_key` blob NOT NULL,
	`wrap` blob NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account`, `id`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `slots_locator_index_unique` ON `slots` (`locator_index`);--> statement-breakpoint
CREATE TABLE `used_challenges` (
	`challenge` blob PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `used_challenges_expires_at` ON `used_challenges` (`expires_at`);--> statement-breakpoint
CREATE TABLE `vault_chain` (
	`account` text NOT NULL,
	`vault` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` blob NOT NULL,
	PRIMARY KEY(`account`, `vault`, `seq`),
	FOREIGN KEY (`account`,`vault`) REFERENCES `vaults`(`account`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `vaults` (
	`account` text NOT NULL,
	`id` text NOT NULL,
	`generation` integer NOT NULL,
	`seq` integer NOT NULL,
	`head` blob NOT NULL,
	`manifest` blob NOT NULL,
	`key_wrap` blob NOT NULL,
	`sheet_count` integer NOT NULL,
	`secret_count` integer NOT NULL,
	`sheet_bytes` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account`, `id`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "vaults_sheet_count" CHECK(sheet_count <= 20000),
	CONSTRAINT "vaults_secret_count" CHECK(secret_count <= 20000),
	CONSTRAINT "vaults_sheet_bytes" CHECK(sheet_bytes <= 94371840)
);
