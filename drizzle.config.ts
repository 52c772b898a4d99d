import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --name WHAT` writes the next migration from the schema. */
export default defineConfig({
	dialect: 'sqlite',
	schema: [
		'./src/lib/server/db/schema.ts',
		'./src/lib/server/db/schema-waiting.ts',
		'./src/lib/server/db/schema-audit.ts'
	],
	out: './drizzle'
});
