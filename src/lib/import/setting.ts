/**
 * Settings among keys. A `.env` file holds both; whoever imports one means the keys. A guess: what
 * looks like a setting is shown, and is taken only when it is asked for.
 */
import type { Draft } from '#lib/items/key.ts';
import { detect } from '#lib/items/providers.ts';
import { hasCredentials, looksRandom } from '#lib/items/random-text.ts';

const NAMES =
	/^(?:NODE_ENV|TZ|LANG|DEBUG|PORT|HOST|HOSTNAME|STAGE|(?:[A-Z0-9_]+_)?(?:ENV|ENVIRONMENT|PORT|HOST|LOG_LEVEL|TIMEOUT|REGION|LOCALE))$/i;
const VALUES =
	/^(?:true|false|yes|no|on|off|null|none|\d{1,7}|dev|development|prod|production|staging|test|trace|debug|info|warn|error|localhost(?::\d+)?)$/i;
/** A short value under such a name is a poor key, and a key all the same. */
const KEYS = /KEY|TOKEN|SECRET|PASS|PWD|PIN|CODE|CREDENTIAL/i;

export function looksLikeSetting({ envVars = [], fields }: Draft): boolean {
	const [variable] = envVars;
	const [field, ...others] = fields;
	if (variable === undefined || field === undefined || others.length > 0) return false;
	// By its value alone: a provider has settings too, which are called after it.
	const { value } = field;
	if (KEYS.test(variable) || detect(value) !== undefined) return false;
	if (looksRandom(value) || hasCredentials(value)) return false;
	return NAMES.test(variable) || VALUES.test(value);
}
