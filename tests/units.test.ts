/** The units in deploy/ as systemd itself reads them, where it is there. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const UNITS = readdirSync('deploy').filter((name) => name.endsWith('.service'));
const SYSTEMD_MISSING = spawnSync('systemd-analyze', ['--version']).error !== undefined;
if (SYSTEMD_MISSING) process.stderr.write('Without systemd-analyze its tests are skipped.\n');

/** What it says of a unit, but for other units of this machine; the programs need not be here. */
function faultsOf(name: string, text: string): string[] {
	const folder = mkdtempSync(join(tmpdir(), 'keyhold-unit-'));
	const file = join(folder, name);
	writeFileSync(file, text.replaceAll(/^(Exec\w+=)\S+/gm, `$1${process.execPath}`));
	const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
		encoding: 'utf8'
	});
	rmSync(folder, { recursive: true });
	return stderr.split('\n').filter((line) => line.includes(name));
}

describe.skipIf(SYSTEMD_MISSING)('systemd', () => {
	test.each(UNITS)('finds nothing wrong with %s', (name) => {
		expect(faultsOf(name, readFileSync(join('deploy', name), 'utf8'))).toEqual([]);
	});

	test.each(UNITS)('would find a word in %s that it does not know', (name) => {
		const text = readFileSync(join('deploy', name), 'utf8').replace('\nUser=', '\nUsr=');
		expect(faultsOf(name, text).join()).toContain("'Usr'");
	});
});

test('there is a unit for each program', () => {
	expect(UNITS).toEqual(['keyhold.service', 'sqld.service']);
});
