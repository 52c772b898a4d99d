/** Programs that read `.env` files, as the tests that compare with them ask them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSync } from '@dotenvx/primitives';

type Values = Record<string, string>;

/** The parser of `dotenvx`. It runs what stands in `$(…)`, so no text is given to it that has one unquoted. */
export function readByDotenvx(text: string): Values {
	return { ...parseSync(text, { processEnv: {} }).parsed };
}

/** Debian's `docker-compose` is version 1, in Python; it needs no engine to say what it has read. */
export const COMPOSE_MISSING = spawnSync('docker-compose', ['version']).status !== 0;

const SERVICE = 'version: "3"\nservices:\n  one:\n    image: none\n    env_file: values.env\n';
/** It answers in YAML, in which a dollar sign is doubled. */
const TO_JSON = [
	'import json, sys, yaml',
	'read = yaml.safe_load(sys.stdin)["services"]["one"].get("environment", {})',
	'print(json.dumps({name: value.replace("$$", "$") for name, value in read.items()}))'
].join('\n');

/** What `docker-compose config` says of a service with this `env_file`. */
export function readByCompose(text: string): Values {
	const folder = mkdtempSync(join(tmpdir(), 'keyhold-compose-'));
	try {
		writeFileSync(join(folder, 'docker-compose.yml'), SERVICE);
		writeFileSync(join(folder, 'values.env'), text);
		const { PATH = '' } = process.env;
		const at = { cwd: folder, env: { PATH, HOME: folder } };
		const said = execFileSync('docker-compose', ['config'], { ...at, stdio: 'pipe' });
		return JSON.parse(
			execFileSync('python3', ['-c', TO_JSON], { input: said }).toString()
		) as Values;
	} finally {
		rmSync(folder, { recursive: true });
	}
}
