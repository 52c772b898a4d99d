/** Whole files of other programs; where their structures are documented: tests/foreign-files.ts. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { ImportError } from './content.ts';
import { bitwarden, onePassword, protectedExport, zipOf } from '../../../tests/foreign-files.ts';
import { readFile, type ReadChoice } from './read-file.ts';

async function read(file: string | Bytes, choice?: ReadChoice) {
	const found = await readFile(typeof file === 'string' ? utf8(file) : file, choice);
	if (found.outcome !== 'read') throw new Error(found.outcome);
	return found;
}

async function draftsIn(file: string | Bytes, choice?: ReadChoice) {
	return (await read(file, choice)).content.candidates.map(({ draft }) => draft);
}

async function codeOf(file: string | Bytes): Promise<string | undefined> {
	try {
		await readFile(typeof file === 'string' ? utf8(file) : file);
		return undefined;
	} catch (error) {
		if (error instanceof ImportError) return error.code;
		throw error;
	}
}

describe('Bitwarden', () => {
	test('gives logins with their hidden fields and their folder', async () => {
		const [draft] = await draftsIn(JSON.stringify(bitwarden));
		expect(draft).toMatchObject({
			name: 'Stripe',
			project: 'Work/Atlas',
			url: 'https://a.example'
		});
		expect(draft?.fields).toEqual([
			{ name: 'password', value: 'p:w', hidden: true },
			{ name: 'username', value: 'me', hidden: false },
			{ name: 'WEBHOOK_SECRET', value: 'whs', hidden: true },
			{ name: 'plan', value: 'basic', hidden: false }
		]);
	});

	test('names the entries that hold no key', async () => {
		const { content } = await read(JSON.stringify(bitwarden));
		expect(content.refused).toContainEqual({ line: 2, what: 'A note', why: 'kind' });
	});

	test('takes every address, and names the parts that no key has', async () => {
		const login = {
			uris: [{ uri: 'https://a.example' }, { uri: 'https://b.example' }],
			password: 'pw',
			fido2Credentials: [{ credentialId: 'c' }]
		};
		const fields = [
			{ name: 'link', value: null, type: 3, linkedId: 100 },
			{ name: 'odd', value: { deep: 'v' }, type: 0 }
		];
		const history = [{ lastUsedDate: '2030-01-02T03:04:05Z', password: 'old-one' }];
		const more = { passwordHistory: history, attachments: [{ fileName: 'f' }], newThing: 'n' };
		const item = { type: 1, name: 'One', login, fields, ...more, archivedDate: '2030-01-02' };
		const { content } = await read(JSON.stringify({ items: [item] }));
		expect(content.candidates[0]?.archived).toBe(true);
		expect(content.candidates[0]?.draft).toMatchObject({
			url: 'https://a.example',
			fields: [
				{ name: 'password', value: 'pw' },
				{ name: 'uri', value: 'https://b.example', hidden: false }
			]
		});
		const parts = 'passwordHistory, attachments, newThing, fido2Credentials, link, odd';
		expect(content.refused).toEqual([{ line: 1, what: `One: ${parts}`, why: 'parts' }]);
	});

	test('names the items that have files beside the vault', async () => {
		const items = ['i', 'j'].map((id) => ({ id, type: 1, name: id, login: { password: 'p' } }));
		const file = zipOf([
			['data.json', JSON.stringify({ items })],
			['attachments/j/key.pem', 'pem']
		]);
		const { content } = await read(file);
		expect(content.refused).toEqual([{ line: 2, what: 'j: attachments', why: 'parts' }]);
	});

	test('says that an export for one account cannot be read elsewhere', async () => {
		expect(await codeOf('{"encrypted":true,"items":[]}')).toBe('account-bound');
	});

	test.each(['pbkdf2', 'argon2id'] as const)('opens under its password by %s', async (kind) => {
		const file = utf8(JSON.stringify(await protectedExport(bitwarden, 'correct', kind)));
		expect((await draftsIn(file, { password: 'correct' })).map(({ name }) => name)).toEqual([
			'Stripe'
		]);
		expect(await readFile(file, { password: 'wrong' })).toEqual({ outcome: 'wrong-password' });
		expect(await readFile(file)).toEqual({ outcome: 'needs-password' });
	});

	test('does not work for hours because a file says so', async () => {
		const sealed = { ...(await protectedExport(bitwarden, 'x')), kdfIterations: 2_000_000_000 };
		await expect(readFile(utf8(JSON.stringify(sealed)), { password: 'x' })).rejects.toMatchObject({
			code: 'costs'
		});
	});

	test('gives the rows of its CSV and says which ones it has damaged', async () => {
		const head =
			'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp';
		const file = `${head}\nWork,1,login,One,"a ""note""","K: v\nno pair",0,"https://a.example,https://b.example",me,pw,\n,,note,Two,text,,0,,,,\n`;
		const { content, program } = await read(file);
		expect(program).toBe('bitwarden');
		expect(content.candidates.map(({ draft }) => draft)).toMatchObject([
			{ name: 'One', project: 'Work', note: 'a "note"', url: 'https://a.example' }
		]);
		expect(content.refused).toEqual([
			{ line: 2, what: 'One', why: 'damaged' },
			{ line: 4, what: 'Two', why: 'kind' }
		]);
	});
});

describe('1Password', () => {
	test('gives API credentials with the day on which they end', async () => {
		const file = zipOf([['export.data', JSON.stringify(onePassword)]]);
		expect(await draftsIn(file)).toEqual([
			{
				name: 'Deploy',
				project: 'Team',
				url: '',
				note: 'note',
				tags: ['ci', 'prod'],
				expiresOn: '2031-05-06',
				fields: [
					{ name: 'username', value: 'bot', hidden: false },
					{ name: 'credential', value: 'c0', hidden: true }
				]
			}
		]);
	});

	test('takes the text of every field, and names what is not text', async () => {
		const loginFields = [
			{ designation: 'username', value: 'me', fieldType: 'T' },
			{ designation: '', name: 'api_key', value: 'form-key', fieldType: 'T' },
			{ name: '', id: 'second', value: 'p2', fieldType: 'P' }
		];
		const values = [
			['mail', { email: { email_address: 'e@a.example', provider: null } }],
			['made', { date: Date.UTC(2029, 1, 3, 12) / 1_000 }],
			['valid until', { date: Date.UTC(2031, 4, 6, 12) / 1_000 }],
			['new', { unheardOf: 'text' }],
			['other', { reference: 'uuid' }],
			['scan', { file: { fileName: 'f', documentId: 'd' } }],
			['nothing', { string: '' }]
		] as const;
		const sections = [{ fields: values.map(([title, value]) => ({ title, value })) }];
		const details = { loginFields, sections, passwordHistory: [{ value: 'old-one', time: 1 }] };
		const overview = {
			title: 'One',
			url: 'https://a.example',
			urls: [{ url: 'https://a.example' }, { url: 'https://b.example' }]
		};
		const items = [{ state: 'archived', overview, details }];
		const data = JSON.stringify({ accounts: [{ vaults: [{ items }] }] });
		const { content } = await read(zipOf([['export.data', data]]));
		expect(content.candidates[0]).toMatchObject({
			archived: true,
			draft: { url: 'https://a.example', expiresOn: '2031-05-06', tags: [] }
		});
		expect(content.candidates[0]?.draft.fields).toEqual([
			{ name: 'username', value: 'me', hidden: false },
			{ name: 'api_key', value: 'form-key', hidden: true },
			{ name: 'second', value: 'p2', hidden: true },
			{ name: 'mail', value: 'e@a.example', hidden: false },
			{ name: 'made', value: '2029-02-03', hidden: false },
			{ name: 'new', value: 'text', hidden: false },
			{ name: 'url', value: 'https://b.example', hidden: false }
		]);
		expect(content.refused).toEqual([
			{ line: 1, what: 'One: passwordHistory, other, scan', why: 'parts' }
		]);
	});

	test('gives the rows of its CSV', async () => {
		const file =
			'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nOne,https://a.example,me,pw,,false,false,a;b,n\n';
		expect(await draftsIn(file)).toMatchObject([{ name: 'One', tags: ['a', 'b'], note: 'n' }]);
	});

	test('says which rows of its CSV were archived', async () => {
		const head = 'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes';
		const row = (name: string, archived: string) => `${name},,me,pw-${name},,false,${archived},,`;
		const { content } = await read([head, row('Old', 'true'), row('Live', 'false')].join('\n'));
		expect(content.candidates.map(({ archived }) => archived)).toEqual([true, undefined]);
	});
});

describe('a zip', () => {
	test('that is cut is refused', async () => {
		const file = zipOf([['export.data', JSON.stringify(onePassword)]]);
		for (let length = 5; length < file.length; length += 7) {
			expect(await codeOf(file.slice(0, length))).toBe('format');
		}
	});

	test('with one byte changed in its file is refused', async () => {
		const file = zipOf([['export.data', JSON.stringify(onePassword)]]);
		file[60] = (file[60] ?? 0) ^ 1;
		expect(await codeOf(file)).toMatch(/format|too-large/);
	});

	test('that unpacks to more than is read is refused by what it says', async () => {
		expect(await codeOf(zipOf([['export.data', 'x']], 0x7fffffff))).toBe('too-large');
	});

	test('that unpacks to more than it says is ended there', async () => {
		expect(await codeOf(zipOf([['export.data', ' '.repeat(9_000_000)]], 10))).toBe('too-large');
	});

	test('without a known file is refused', async () => {
		expect(await codeOf(zipOf([['other', 'x']]))).toBe('format');
	});
});

describe('AWS', () => {
	const file =
		'# mine\n[default]\naws_access_key_id = AKIAX\naws_secret_access_key = s/x=\nregion = eu-west-1 # near\n\n[work]\naws_access_key_id=ASIAY\naws_secret_access_key=t\naws_session_token=u==\n[profile role]\nrole_arn = r\ns3 =\n  max = 1\n';

	test('makes one key of each profile', async () => {
		expect(await draftsIn(file)).toMatchObject([
			{
				name: 'AWS default',
				tags: [],
				fields: [{}, { value: 's/x=' }, { name: 'AWS_REGION', value: 'eu-west-1', hidden: false }]
			},
			{ name: 'AWS work', tags: ['temporary'], fields: [{}, { value: 't' }, { value: 'u==' }] }
		]);
	});

	test.each([
		['as the environment names them', 'A=b\nAWS_ACCESS_KEY_ID=AKIAX\nAWS_SECRET_ACCESS_KEY=s\n'],
		['under no profile', 'aws_access_key_id=AKIAX\naws_secret_access_key=s\n'],
		['above a section', 'AWS_ACCESS_KEY_ID=AKIAX\n[more]\nAWS_SECRET_ACCESS_KEY=s\n']
	])('is no file whose keys stand %s', async (_, text) => {
		const { format, content } = await read(text);
		expect(format).toBe('dotenv');
		expect(content.candidates.at(-1)?.draft).toMatchObject({
			provider: 'aws',
			fields: [{ value: 'AKIAX' }, { value: 's' }]
		});
	});

	test('is a file that has words above its first profile', async () => {
		expect(await draftsIn(`Mine, as of May:\n${file}`)).toMatchObject([
			{ name: 'AWS default' },
			{ name: 'AWS work' }
		]);
	});

	test('names the profiles that hold none', async () => {
		const { content } = await read(file);
		expect(content.refused).toEqual([{ line: 11, what: 'role', why: 'kind' }]);
	});

	test('is read as Python’s configparser reads it', async () => {
		const script =
			'import configparser,json,sys\nc=configparser.RawConfigParser(inline_comment_prefixes=("#",";"))\nc.read_string(sys.stdin.read())\nprint(json.dumps([[v for k,v in c[s].items() if k.startswith("aws_") or k=="region"] for s in c.sections() if "aws_access_key_id" in c[s]]))';
		const values: unknown = JSON.parse(
			execFileSync('python3', ['-c', script], { input: file }).toString()
		);
		const drafts = await draftsIn(file);
		expect(drafts.map(({ fields }) => fields.map(({ value }) => value))).toEqual(values);
	});
});

describe('other services', () => {
	test('give Infisical’s list with path, comment and tags', async () => {
		const entry = { key: 'A_KEY', workspace: 'w', value: 'v', type: 'shared', secretPath: '/api' };
		const list = [{ ...entry, tags: [{ slug: 't' }], comment: 'c' }];
		expect(await draftsIn(JSON.stringify(list))).toMatchObject([
			{ name: 'A_KEY', envVars: ['A_KEY'], project: 'api', note: 'c', tags: ['t'] }
		]);
	});

	test('give Infisical’s table', async () => {
		expect(await draftsIn('Key,Value\nA_KEY,"v,1"\n')).toMatchObject([
			{ name: 'A_KEY', envVars: ['A_KEY'], fields: [{ value: 'v,1' }] }
		]);
	});

	test('give Doppler’s object without what it says of itself', async () => {
		const { content } = await read('{"DOPPLER_CONFIG":"dev","A_KEY":"v","EMPTY":""}');
		expect(content.candidates).toMatchObject([{ line: 2, draft: { name: 'A_KEY' } }]);
		expect(content.refused.map(({ why }) => why)).toEqual(['own', 'empty']);
	});

	test('give Proton’s table', async () => {
		const file =
			'type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\nlogin,One,,e,,pw,,,1,2,Home\nnote,Two,,,,,x,,1,2,Home\n';
		const { content, program } = await read(file);
		expect(program).toBe('proton');
		expect(content.candidates).toMatchObject([{ draft: { name: 'One', project: 'Home' } }]);
		expect(content.refused).toEqual([{ line: 3, what: 'Two', why: 'kind' }]);
	});
});

describe('any other table', () => {
	const file = 'Service;API Key;Stage;Until\nAcme;k1;prod;2030-01-02\nNone;;prod;\n';

	test('is read by the names of its columns', async () => {
		expect(await draftsIn(file)).toMatchObject([{ name: 'Acme', environment: 'prod' }]);
	});

	test('is read by the columns that a person names', async () => {
		const columns = { Service: 'project', 'API Key': 'value', Until: 'expires' } as const;
		const named = { ...columns, Stage: 'name' } as const;
		expect(await draftsIn(file, { columns: named })).toMatchObject([
			{ name: 'prod', project: 'Acme', expiresOn: '2030-01-02' }
		]);
	});

	test('calls a key without a name after its column', async () => {
		const fields = { 'API Key': 'value', Service: 'shown' } as const;
		expect(await draftsIn('API Key,Service\nk1,Acme\n', { columns: fields })).toMatchObject([
			{ name: 'API Key' }
		]);
	});
});

describe('a file of bytes', () => {
	test('in UTF-16 with its mark, or in UTF-8 with one, is read', async () => {
		const utf16 = new Uint8Array(Buffer.from('\uFEFFA_KEY=v\r\n', 'utf16le'));
		expect(await draftsIn(utf16)).toMatchObject([{ name: 'A_KEY' }]);
		expect(await draftsIn('\uFEFFA_KEY=v')).toMatchObject([{ name: 'A_KEY' }]);
	});

	test('with a NUL, or cut in a character, is refused', async () => {
		expect(await codeOf('A=\0')).toBe('encoding');
		expect(await codeOf(utf8('A=ü').slice(0, 3))).toBe('encoding');
	});

	test('of more than 50 MB is refused', async () => {
		expect(await codeOf(new Uint8Array(50 * 1024 * 1024 + 1))).toBe('too-large');
	});

	test('keeps formulas, right-to-left and zero-width characters as they are', async () => {
		const value = '=cmd|calc\u200b\u202e';
		const [draft] = await draftsIn(`Title,Url,Username,Password\nשלום,,,"${value}"\n`);
		expect(draft).toMatchObject({ name: 'שלום', fields: [{ value }] });
	});

	test('names what is longer than a key holds', async () => {
		const name = 'N'.repeat(10_000);
		const { content } = await read(`${name}=v\nB_KEY=${'x'.repeat(70_000)}`);
		expect(content.candidates).toEqual([]);
		expect(content.refused.map(({ why }) => why)).toEqual(['too-long', 'too-long']);
	});

	test('of a million blank lines is read like any other', async () => {
		const { content } = await read(`${'\n'.repeat(1_000_000)}A_KEY=v`);
		expect(content.candidates.map(({ line }) => line)).toEqual([1_000_001]);
	});

	test('is read or refused, whatever is in it', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
				await codeOf(new Uint8Array(bytes));
			})
		);
	});

	test('of JSON or of a zip is read or refused, wherever it is cut', async () => {
		const text = JSON.stringify(bitwarden);
		for (let length = 0; length < text.length; length += 5) {
			expect([undefined, 'format']).toContain(await codeOf(text.slice(0, length)));
		}
		await fc.assert(
			fc.asyncProperty(fc.json(), async (json) => {
				await codeOf(json);
			})
		);
	});
});
