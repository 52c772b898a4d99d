import { describe, expect, test } from 'vitest';
import type { KeyRow } from '#lib/browser/vaults.svelte.ts';
import { dayOf } from '#lib/items/expiry.ts';
import { rowOf } from '../../../../tests/browser/keys.ts';
import { World } from '../../../../tests/browser/world.ts';
import { ANY, fileName, NONE, PlainChoice } from './plain-choice.svelte.ts';

async function choiceOf(...rows: KeyRow[]): Promise<PlainChoice> {
	const world = new World();
	await world.unlock(rows);
	return new PlainChoice(world.session);
}

/** Names of the keys that are taken. */
function taken(choice: PlainChoice, project: string, environment: string): string[] {
	choice.project = project;
	choice.environment = environment;
	return choice.rows.map(({ overview }) => overview.name);
}

const KEYS = [
	rowOf('live', { project: 'atlas', environment: 'production' }),
	rowOf('test', { project: 'atlas', environment: 'staging' }),
	rowOf('other', { project: 'zeus', environment: 'production' }),
	rowOf('loose')
];

describe('PlainChoice', () => {
	test('takes everything to begin with', async () => {
		const choice = await choiceOf(...KEYS);
		expect(choice.rows).toHaveLength(4);
	});

	test.each([
		['=atlas', ANY, ['live', 'test']],
		[ANY, '=production', ['live', 'other']],
		['=atlas', '=production', ['live']],
		['=zeus', '=staging', []],
		[NONE, ANY, ['loose']],
		[ANY, NONE, ['loose']],
		['=atlas', NONE, []]
	])('takes the keys of project %s and environment %s', async (project, environment, names) => {
		expect(taken(await choiceOf(...KEYS), project, environment)).toEqual(names);
	});

	test('does not take a project for none that is called so', async () => {
		const choice = await choiceOf(rowOf('a', { project: NONE }), rowOf('b', { project: ANY }));
		expect(taken(choice, NONE, ANY)).toEqual([]);
		expect(taken(choice, `=${NONE}`, ANY)).toEqual(['a']);
		expect(taken(choice, `=${ANY}`, ANY)).toEqual(['b']);
	});

	test('offers each word once, in order', async () => {
		const choice = await choiceOf(...KEYS);
		expect(choice.projects).toEqual(['atlas', 'zeus']);
		expect(choice.environments).toEqual(['production', 'staging']);
	});

	test('orders words as people do: without regard to capitals, and 9 before 10', async () => {
		const keys = ['v10', 'v9', 'Beta', 'alpha'].map((project) => rowOf(project, { project }));
		expect((await choiceOf(...keys)).projects).toEqual(['alpha', 'Beta', 'v9', 'v10']);
	});

	test('leaves out what is archived, revoked, in the trash or not readable', async () => {
		const choice = await choiceOf(
			rowOf('used'),
			rowOf('archived', { status: 'archived' }),
			rowOf('revoked', { status: 'revoked' }),
			rowOf('trashed', { trashedAt: 1 }),
			{ ...rowOf('unreadable'), unreadable: true }
		);
		expect(choice.rows.map(({ overview }) => overview.name)).toEqual(['used']);
	});
});

describe('fileName', () => {
	const today = dayOf(Date.now());

	test('says project and environment', async () => {
		const choice = await choiceOf(...KEYS);
		taken(choice, '=atlas', '=production');
		expect(fileName('env', choice)).toBe('atlas-production.env');
		expect(fileName('json', choice)).toBe('atlas-production.json');
	});

	test('says the one that is certain', async () => {
		const choice = await choiceOf(...KEYS);
		taken(choice, ANY, '=production');
		expect(fileName('env', choice)).toBe('production.env');
		taken(choice, '=atlas', NONE);
		expect(fileName('env', choice)).toBe('atlas.env');
	});

	test('says the day where nothing certain was chosen, or it was not chosen here', async () => {
		const choice = await choiceOf(...KEYS);
		expect(fileName('env', choice)).toBe(`keyhold-${today}.env`);
		expect(fileName('json', undefined)).toBe(`keyhold-${today}.json`);
	});

	test.each([
		['=../../etc/passwd', 'etc-passwd.env'],
		[`=a b${String.fromCodePoint(0x202e)}\nc`, 'a-b-c.env'],
		['=日本 1', '日本-1.env'],
		['=..', `keyhold-${today}.env`]
	])('makes a name of files of %j', async (project, name) => {
		const choice = await choiceOf(...KEYS);
		taken(choice, project, ANY);
		expect(fileName('env', choice)).toBe(name);
	});
});
