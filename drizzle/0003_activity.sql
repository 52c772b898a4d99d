CREATE TABLE `audit_chains` (
	`account` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` blob NOT NULL,
	`forgotten_seq` integer NOT NULL,
	`forgotten_hash` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_devices` (
	`account` text NOT NULL,
	`id` text NOT NULL,
	`name` blob NOT NULL,
	PRIMARY KEY(`account`, `id`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `notes` (
	`account` text NOT NULL,
	`vault` text NOT NULL,
	`id` text NOT NULL,
	`generation` integer NOT NULL,
	`blob` blob NOT NULL,
	PRIMARY KEY(`account`, `vault`, `id`),
	FOREIGN KEY (`account`,`vault`) REFERENCES `vaults`(`account`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
DROP INDEX `audit_account`;--> statement-breakpoint
ALTER TABLE `audit` ADD `seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `audit` ADD `device` text;--> statement-breakpoint
ALTER TABLE `audit` ADD `note` text;--> statement-breakpoint
ALTER TABLE `audit` ADD `hash` blob;--> statement-breakpoint
UPDATE `audit` SET `seq` = `numbered`.`place` FROM (SELECT `id`, row_number() OVER (PARTITION BY `account` ORDER BY `id`) AS `place` FROM `audit`) AS `numbered` WHERE `audit`.`id` = `numbered`.`id`;--> statement-breakpoint
INSERT INTO `audit_chains` (`account`, `seq`, `hash`, `forgotten_seq`, `forgotten_hash`) SELECT `account`, max(`seq`), zeroblob(32), max(`seq`), zeroblob(32) FROM `audit` GROUP BY `account`;--> statement-breakpoint
CREATE UNIQUE INDEX `audit_seq` ON `audit` (`account`,`seq`);