CREATE TABLE `reminders` (
	`account` text NOT NULL,
	`day` text NOT NULL,
	PRIMARY KEY(`account`, `day`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `reminders_day` ON `reminders` (`day`);