ALTER TABLE `accounts` ADD `stored_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `stored_keys` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `vaults` ADD `secret_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `rotations` ADD `bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `vaults` SET `secret_bytes` = (SELECT coalesce(sum(length(`blob`)), 0) FROM `secrets` WHERE `secrets`.`account` = `vaults`.`account` AND `secrets`.`vault` = `vaults`.`id`);--> statement-breakpoint
UPDATE `accounts` SET `stored_bytes` = (SELECT coalesce(sum(`sheet_bytes` + `secret_bytes`), 0) FROM `vaults` WHERE `vaults`.`account` = `accounts`.`id`), `stored_keys` = (SELECT coalesce(sum(`secret_count`), 0) FROM `vaults` WHERE `vaults`.`account` = `accounts`.`id`);
