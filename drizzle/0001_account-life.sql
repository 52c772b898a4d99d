CREATE TABLE `backup_codes` (
	`account` text NOT NULL,
	`code_index` blob NOT NULL,
	PRIMARY KEY(`account`, `code_index`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `email_changes` (
	`account` text PRIMARY KEY NOT NULL,
	`email` blob NOT NULL,
	`old_confirmed` integer NOT NULL,
	`new_confirmed` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `erasures` (
	`account` text PRIMARY KEY NOT NULL,
	`erase_at` integer NOT NULL,
	`notice_at` integer NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `links` (
	`token_hash` blob PRIMARY KEY NOT NULL,
	`use` text NOT NULL,
	`account` text,
	`registration` text,
	`email_index` blob,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`registration`) REFERENCES `registrations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `links_account` ON `links` (`account`);--> statement-breakpoint
CREATE INDEX `links_expires_at` ON `links` (`expires_at`);--> statement-breakpoint
CREATE TABLE `mails` (
	`id` text PRIMARY KEY NOT NULL,
	`message` blob NOT NULL,
	`tries` integer NOT NULL,
	`due_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `mails_due_at` ON `mails` (`due_at`);--> statement-breakpoint
CREATE TABLE `registrations` (
	`id` text PRIMARY KEY NOT NULL,
	`email_index` blob NOT NULL,
	`request` blob NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `registrations_email_index` ON `registrations` (`email_index`);--> statement-breakpoint
CREATE INDEX `registrations_expires_at` ON `registrations` (`expires_at`);--> statement-breakpoint
CREATE TABLE `rotation_records` (
	`account` text NOT NULL,
	`rotation` text NOT NULL,
	`vault` text NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`blob` blob NOT NULL,
	PRIMARY KEY(`account`, `rotation`, `vault`, `kind`, `id`),
	FOREIGN KEY (`account`,`rotation`) REFERENCES `rotations`(`account`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `rotations` (
	`account` text NOT NULL,
	`id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account`, `id`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `second_factors` (
	`account` text PRIMARY KEY NOT NULL,
	`seed` blob NOT NULL,
	`on` integer NOT NULL,
	`used_step` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `language` text DEFAULT 'en' NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `device` blob;--> statement-breakpoint
ALTER TABLE `sessions` ADD `used_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `slots` ADD `credential_index` blob;--> statement-breakpoint
ALTER TABLE `slots` ADD `credential` blob;--> statement-breakpoint
ALTER TABLE `slots` ADD `credential_key` blob;--> statement-breakpoint
ALTER TABLE `slots` ADD `sign_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `slots` ADD `used_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `slots_credential_index_unique` ON `slots` (`credential_index`);