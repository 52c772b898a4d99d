/** The bill of materials says what the lock file does: all of it, and what needs what. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from '#lib/api/zod.ts';

const Bill = z.looseObject({
	bomFormat: z.literal('CycloneDX'),
	specVersion: z.literal('1.6'),
	components: z.array(
		z.looseObject({
			'bom-ref': z.string(),
			purl: z.string(),
			name: z.string(),
			version: z.string(),
			hashes: z.array(z.strictObject({ alg: z.literal('SHA-512'), content: z.string() })),
			properties: z.optional(z.array(z.looseObject({ name: z.string() })))
		})
	),
	dependencies: z.array(z.strictObject({ ref: z.string(), dependsOn: z.array(z.string()) }))
});
const Lock = z.looseObject({
	packages: z.record(
		z.string(),
		z.looseObject({
			version: z.optional(z.string()),
			dev: z.optional(z.boolean()),
			link: z.optional(z.boolean())
		})
	)
});

const bill = z.parse(Bill, JSON.parse(written()));
const lock = z.parse(Lock, JSON.parse(readFileSync('package-lock.json', 'utf8')));

function written(): string {
	return execFileSync(process.execPath, ['scripts/sbom.js'], {
		encoding: 'utf8',
		maxBuffer: 64 * 1024 * 1024
	});
}

test('it has every package of the lock file, once for each version', () => {
	const packages = Object.entries(lock.packages).filter(
		([folder, { link }]) => folder.startsWith('node_modules/') && link !== true
	);
	const names = packages.map(([folder, { version = '' }]) => {
		const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
		return `pkg:npm/${name.replace('@', '%40')}@${version}`;
	});
	expect(bill.components.map(({ purl }) => purl).toSorted()).toEqual(
		[...new Set(names)].toSorted()
	);
});

test('it has the hash of each as hexadecimal', () => {
	for (const { hashes } of bill.components) expect(hashes[0]?.content).toMatch(/^[0-9a-f]{128}$/);
});

test('it leads from each package to packages that are in it', () => {
	const references = new Set(bill.components.map((component) => component['bom-ref']));
	for (const { dependsOn } of bill.dependencies) {
		for (const reference of dependsOn) expect(references).toContain(reference);
	}
	expect(bill.dependencies).toHaveLength(bill.components.length + 1);
});

test('it tells what the running server needs from what it does not', () => {
	const needed = (name: string) =>
		bill.components.find((component) => component.name === name)?.properties === undefined;
	expect([needed('zod'), needed('vitest')]).toEqual([true, false]);
});

test('it is the same each time that it is made', () => {
	expect(written()).toBe(written());
});

test('no package of the lock file may run a script when it is installed', () => {
	const settings = readFileSync('.npmrc', 'utf8').split('\n');
	expect(settings).toEqual(expect.arrayContaining(['ignore-scripts=true', 'save-exact=true']));
});
