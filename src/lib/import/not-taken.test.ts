/** What of a file is not taken is listed, in every format: nothing is dropped in silence. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { onePassword, zipOf } from '../../../tests/foreign-files.ts';
import { readFile } from './read-file.ts';

async function refusedIn(file: string | Uint8Array<ArrayBuffer>) {
	const found = await readFile(typeof file === 'string' ? utf8(file) : file);
	if (found.outcome !== 'read') throw new Error(found.outcome);
	return found.content.refused;
}

/** The parts that are named of the only entry. */
async function partsOf(file: string | Uint8Array<ArrayBuffer>): Promise<string> {
	const [refused, ...others] = await refusedIn(file);
	expect(others).toEqual([]);
	expect(refused?.why ?? 'parts').toBe('parts');
	return refused?.what ?? '';
}

describe('AWS', () => {
	const keys = 'aws_access_key_id = AKIAX\naws_secret_access_key = s\nregion = eu-west-1\n';

	test('names the settings of a profile that are no part of its key', async () => {
		const more = 'role_arn = r\nsso_session = x\ncredential_process = /bin/p\noutput = json\n';
		expect(await partsOf(`[default]\n${keys}${more}`)).toBe(
			'AWS default: role_arn, sso_session, credential_process, output'
		);
	});

	test('names a setting by its own settings, and none that is empty', async () => {
		const more = 's3 =\n  max_concurrent_requests = 20\nca_bundle =\n';
		expect(await partsOf(`[default]\n${keys}${more}`)).toBe('AWS default: s3');
	});

	test('says nothing of a profile of which all is taken', async () => {
		expect(await refusedIn(`[default]\n${keys}`)).toEqual([]);
	});

	test('shows no value in the place of a name', async () => {
		const key = `${'Ab3'.repeat(8)}xyz`;
		expect(await partsOf(`[default]\n${keys}${key} = v\n`)).toBe('AWS default: …');
	});
});

describe('a list of JSON', () => {
	const entry = { key: 'A_KEY', value: 'v' };

	test('names what Infisical says beside a secret', async () => {
		const known = { _id: 'i', workspace: 'w', Etag: 'e', secretPath: '/', tags: [], comment: '' };
		const more = { type: 'personal', skipMultilineEncoding: true, secretMetadata: [{ key: 'k' }] };
		expect(await partsOf(JSON.stringify([{ ...entry, ...known, ...more }]))).toBe(
			'A_KEY: type, secretMetadata'
		);
		expect(await refusedIn(JSON.stringify([{ ...entry, ...known, type: 'shared' }]))).toEqual([]);
	});

	test('names what Bitwarden’s Secrets Manager says beside one', async () => {
		const ids = { object: 'secret', id: 'i', organizationId: 'o', projectId: 'p' };
		const dates = { creationDate: '2030-01-02', revisionDate: '2030-01-02' };
		const secret = { ...ids, ...entry, note: 'n', ...dates };
		expect(await refusedIn(JSON.stringify([secret]))).toEqual([]);
		expect(await partsOf(JSON.stringify([{ ...secret, policies: ['p'] }]))).toBe('A_KEY: policies');
	});
});

describe('1PUX', () => {
	function file(overview: object, item: object, sections: readonly object[] = []) {
		const details = { password: 'p', sections };
		const one = { uuid: 'u', favIndex: 1, createdAt: 1, updatedAt: 2, state: 'active' };
		const items = [{ ...one, categoryUuid: '001', details, overview, ...item }];
		return zipOf([['export.data', JSON.stringify({ accounts: [{ vaults: [{ items }] }] })]]);
	}

	test('names members of an item and of its overview that it does not know', async () => {
		const overview = { title: 'One', subtitle: 'me', ps: 98, pbe: 86.1, pgrng: true };
		expect(await refusedIn(file(overview, {}))).toEqual([]);
		expect(await partsOf(file({ ...overview, icons: { a: 'b' } }, { trashed: 'Y' }))).toBe(
			'One: trashed, icons'
		);
	});

	test('names the headings of sections in which something stands', async () => {
		const fields = [{ title: 'port', value: { string: '1' } }];
		const sections = [{ title: 'Server', fields }, { title: '', fields }, { title: 'None' }];
		expect(await partsOf(file({ title: 'One' }, {}, sections))).toBe('One: Server');
	});

	test('takes the whole of an API credential', async () => {
		expect(await refusedIn(zipOf([['export.data', JSON.stringify(onePassword)]]))).toEqual([]);
	});
});

describe('a table', () => {
	test('names each column of which nothing is taken once, not row by row', async () => {
		const file = 'Name,Token,Reviewer,Colour\nOne,t,Ada,\nTwo,u,Bob,\n';
		expect(await refusedIn(file)).toEqual([{ line: 1, what: 'Reviewer', why: 'column' }]);
	});

	test('names columns that a known program’s table has beside its own', async () => {
		const file = 'folder,favorite,type,name,login_password,archivedDate\n,1,login,One,p,2030\n';
		expect(await refusedIn(file)).toEqual([{ line: 1, what: 'archivedDate', why: 'column' }]);
	});

	test('says nothing of columns that tell nothing of a key', async () => {
		const files = [
			'folder,favorite,type,name,reprompt,login_password\n,1,login,One,1,p\n',
			'Title,Url,Username,Password,Favorite\nOne,,me,p,true\n',
			'type,name,password,totp,createTime,modifyTime\nlogin,One,p,,1700000000,1700000000\n'
		];
		for (const file of files) expect(await refusedIn(file)).toEqual([]);
	});

	test('shows no key in the place of a column’s name', async () => {
		const key = `${'Ab3'.repeat(8)}xyz`;
		expect(await refusedIn(`Token,${key}\nt,u\n`)).toEqual([{ line: 1, what: '', why: 'column' }]);
	});
});
