import { BITWARDEN, BITWARDEN_SECRETS } from './bitwarden.ts';
import { ENV_FILES } from './env-files.ts';
import type { Golden } from './golden.ts';
import { ONE_PASSWORD } from './onepassword.ts';
import { AWS, DOPPLER, INFISICAL } from './infisical-doppler-aws.ts';
import { TABLES } from './tables.ts';

export const GOLDEN: readonly Golden[] = [
	...[...BITWARDEN, ...BITWARDEN_SECRETS, ...ONE_PASSWORD],
	...[...INFISICAL, ...DOPPLER, ...AWS, ...TABLES, ...ENV_FILES]
];
