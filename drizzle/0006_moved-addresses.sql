CREATE TABLE `moved_addresses` (
	`email_index` blob PRIMARY KEY NOT NULL,
	`shard` integer NOT NULL,
	`claimed_at` integer NOT NULL
);
