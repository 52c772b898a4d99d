/**
 * `npm run sbom`: the software bill of materials, CycloneDX 1.6 as JSON, on standard output or into
 * a file that is named. It is read from the lock file alone, and has neither a time nor a random
 * number in it: the same lock file makes the same bytes.
 *
 * The property `cdx:npm:package:development` is that of npm: the package is not needed by the server
 * when it runs. What of these is bundled into client or server stands in docs/dependencies.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const FOLDER = 'node_modules/';
const DEVELOPMENT = { name: 'cdx:npm:package:development', value: 'true' };

/**
 * @typedef {object} Locked One package of a lock file.
 * @property {string} [name]
 * @property {string} version
 * @property {string} [license]
 * @property {string} [integrity]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {boolean} [link] To a folder of the project.
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 *
 * @typedef {Readonly<Record<string, Locked>>} Packages By the folder that each is installed in.
 */

/** @type {{ name: string, packages: Packages }} */
const { name: project, packages } = JSON.parse(
	readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')
);
const text = `${JSON.stringify(billOf(project, ofOthers(packages)), null, '\t')}\n`;
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);

/**
 * Folders of the project that are installed as packages are no packages of others: what they need,
 * the project needs.
 *
 * @param {Packages} all
 * @returns {Packages}
 */
function ofOthers(all) {
	const others = Object.entries(all).filter(
		([folder, { link }]) => folder === '' || (folder.startsWith(FOLDER) && link !== true)
	);
	const own = Object.entries(all).filter(([folder]) => folder !== '' && !folder.startsWith(FOLDER));
	const needs = own.map(([, { optionalDependencies }]) => optionalDependencies);
	const optionalDependencies = Object.assign({}, all['']?.optionalDependencies, ...needs);
	return Object.fromEntries(
		others.map(([folder, locked]) => [
			folder,
			folder === '' ? { ...locked, optionalDependencies } : locked
		])
	);
}

/**
 * @param {string} name
 * @param {Packages} all
 */
function billOf(name, all) {
	const folders = Object.keys(all);
	const root = all[''];
	const { version = '', license = '' } = root ?? {};
	const ref = `${name}@${version}`;
	/** @type {Map<string, { folder: string, locked: Locked }>} A version may be installed twice. */
	const installed = new Map();
	for (const folder of folders) {
		const locked = all[folder];
		if (folder !== '' && locked !== undefined) {
			installed.set(referenceOf(folder, locked), { folder, locked });
		}
	}
	const sorted = [...installed].sort(([one], [other]) => (one < other ? -1 : 1));
	return {
		$schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		version: 1,
		metadata: {
			component: {
				type: 'application',
				'bom-ref': ref,
				name,
				version,
				licenses: licensesOf(license)
			}
		},
		components: sorted.map(([reference, { folder, locked }]) =>
			componentOf(reference, folder, locked)
		),
		dependencies: [
			{ ref, dependsOn: needsOf(all, '', root) },
			...sorted.map(([reference, { folder, locked }]) => ({
				ref: reference,
				dependsOn: needsOf(all, folder, locked)
			}))
		]
	};
}

/**
 * @param {string} reference
 * @param {string} folder
 * @param {Locked} locked
 */
function componentOf(reference, folder, { version, license, integrity, dev, optional, name }) {
	const full = name ?? nameOf(folder);
	const [scope, plain = full] = full.startsWith('@') ? full.split('/', 2) : [undefined, full];
	return {
		type: 'library',
		'bom-ref': reference,
		...(scope === undefined ? {} : { group: scope }),
		name: plain,
		version,
		...(optional === true ? { scope: 'optional' } : {}),
		...(integrity === undefined ? {} : { hashes: hashesOf(integrity) }),
		...(license === undefined ? {} : { licenses: licensesOf(license) }),
		purl: reference,
		...(dev === true ? { properties: [DEVELOPMENT] } : {})
	};
}

/** @param {string} license One of SPDX's names, or an expression of them. */
function licensesOf(license) {
	return /[ ()]/.test(license) ? [{ expression: license }] : [{ license: { id: license } }];
}

/** @param {string} integrity As `sha512-BASE64`. */
function hashesOf(integrity) {
	return integrity.split(' ').map((part) => {
		const [name = '', value = ''] = part.split('-', 2);
		const alg = name.toUpperCase().replace('SHA', 'SHA-');
		return { alg, content: Buffer.from(value, 'base64').toString('hex') };
	});
}

/**
 * What a package needs, each as the one that Node would find from its folder.
 *
 * @param {Packages} all
 * @param {string} folder
 * @param {Locked | undefined} locked
 */
function needsOf(all, folder, locked) {
	const names = Object.keys({
		...locked?.dependencies,
		...locked?.devDependencies,
		...locked?.optionalDependencies,
		...locked?.peerDependencies
	});
	const found = names.map((name) => foundFrom(all, folder, name));
	return [...new Set(found.filter((reference) => reference !== undefined))].sort();
}

/**
 * @param {Packages} all
 * @param {string} folder
 * @param {string} name
 * @returns {string | undefined} Undefined for an optional one that is not installed anywhere.
 */
function foundFrom(all, folder, name) {
	for (let from = folder; ; from = from.slice(0, Math.max(0, from.lastIndexOf(`/${FOLDER}`)))) {
		const place = from === '' ? `${FOLDER}${name}` : `${from}/${FOLDER}${name}`;
		const locked = all[place];
		if (locked !== undefined) return referenceOf(place, locked);
		if (from === '') return undefined;
	}
}

/**
 * @param {string} folder
 * @param {Locked} locked
 */
function referenceOf(folder, { name = nameOf(folder), version }) {
	return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** @param {string} folder */
function nameOf(folder) {
	return folder.slice(folder.lastIndexOf(FOLDER) + FOLDER.length);
}
