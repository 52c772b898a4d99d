/**
 * 1Password 8. Members as “1Password Unencrypted Export (.1pux) format” (support.1password.com,
 * version 3) tells them, and as real exports have them in the tests of the importer of
 * `bitwarden/clients` (`spec/test-data/onepassword-1pux`).
 */
import { zipOf } from '../foreign-files.ts';
import { hidden, shown, type Golden } from './golden.ts';

const ATTRIBUTES = { version: 3, description: '1Password Unencrypted Export', createdAt: 1 };
const TRAITS = { keyboard: 'default', correction: 'default', capitalization: 'default' };

function item(category: string, title: string, details: object, more: object = {}) {
	return {
		...{ uuid: `id of ${title}`, favIndex: 0, createdAt: 1_619_465_969, updatedAt: 1_619_466_052 },
		...{ state: 'active', categoryUuid: category, ...more },
		details: { loginFields: [], sections: [], passwordHistory: [], ...details },
		overview: overview(title)
	};
}

function overview(title: string, more: object = {}) {
	const rated = { ps: 0, pbe: 0, pgrng: false };
	return { subtitle: 'repeats a field', icons: null, title, url: '', ...rated, ...more };
}

function field(title: string, value: object) {
	const how = { guarded: false, multiline: false, dontGenerate: false, inputTraits: TRAITS };
	return { title, id: title.replaceAll(' ', ''), value, ...how };
}

function section(title: string, fields: readonly object[]) {
	return { title, name: 'add more', fields, hideAddAnotherField: true };
}

/** At noon, so that it is the same day all over the world but for its edges. */
function seconds(year: number, month: number, day: number): number {
	return Date.UTC(year, month - 1, day, 12) / 1_000;
}

function vaultOf(name: string, items: readonly object[]) {
	return { attrs: { uuid: `id of ${name}`, desc: '', avatar: '', name, type: 'U' }, items };
}

function fileOf(accounts: readonly (readonly object[])[], files: readonly string[] = []) {
	const attrs = { accountName: 'A', name: 'A', avatar: '', email: '', uuid: 'a', domain: '' };
	const data = { accounts: accounts.map((vaults) => ({ attrs, vaults })) };
	return zipOf([
		['export.attributes', JSON.stringify(ATTRIBUTES)],
		['export.data', JSON.stringify(data)],
		...files.map((name) => [`files/${name}`, 'bytes'] as const)
	]);
}

const credential = item('112', 'Deploy', {
	notesPlain: 'a note',
	sections: [
		section('', [
			field('username', { string: 'bot' }),
			field('credential', { concealed: 'made up' }),
			field('type', { menu: 'jwt' }),
			field('filename', { string: 'deploy.jwt' }),
			field('valid from', { date: seconds(2029, 1, 2) }),
			field('expires', { date: seconds(2031, 5, 6) }),
			field('hostname', { string: 'ci.example' })
		])
	]
});

const SSH = {
	privateKey: '-----BEGIN MADE UP-----\nA\n-----END MADE UP-----\n',
	publicKey: 'ssh-ed25519 A',
	fingerprint: 'SHA256:A',
	keyType: 'ed25519'
};

const ssh = item('114', 'Server', {
	sections: [
		section('SSH Key Section', [
			field('private key', { sshKey: { privateKey: SSH.privateKey, metadata: SSH } })
		])
	]
});

const page = {
	...item('001', 'Console', {
		loginFields: [
			{ value: 'me', id: '', name: 'user', fieldType: 'E', designation: 'username' },
			{ value: 'pw', id: '', name: 'pass', fieldType: 'P', designation: 'password' }
		],
		passwordHistory: [{ value: 'older', time: 1 }],
		sections: [
			section('More', [
				field('one-time password', { totp: 'otpauth://totp/C?secret=MADEUP' }),
				field('mail', { email: { email_address: 'me@a.example', provider: null } }),
				field('renewed', { monthYear: 203_105 }),
				field('home', { address: { street: 'S', city: 'C' } }),
				field('scan', { file: { fileName: 'f', documentId: 'd', decryptedSize: 5 } }),
				field('see', { reference: 'another' }),
				field('empty', { concealed: '' })
			])
		]
	}),
	overview: overview('Console', {
		url: 'https://a.example',
		urls: [
			{ label: '', url: 'https://a.example' },
			{ label: 'keys', url: 'https://a.example/keys' }
		],
		tags: ['ci', 'prod/eu']
	})
};

const bare = { project: 'Team', url: '', note: '', tags: [] };

export const ONE_PASSWORD: readonly Golden[] = [
	{
		name: '1Password, 1PUX',
		source: 'support.1password.com/1pux-format; bitwarden/clients, onepassword-1pux',
		file: fileOf(
			[
				[vaultOf('Team', [credential, ssh, page]), vaultOf('Private', [])],
				[
					vaultOf('Team', [
						item('005', 'Put away', { password: 'pw' }, { state: 'archived' }),
						item('003', 'Note', { notesPlain: 'text' }),
						item('006', 'Paper', { documentAttributes: { fileName: 'p', documentId: 'p' } })
					])
				]
			],
			['d__f', 'p__p']
		),
		format: '1pux',
		program: '1password',
		candidates: [
			{
				line: 1,
				draft: {
					...bare,
					name: 'Deploy',
					note: 'a note',
					expiresOn: '2031-05-06',
					fields: [
						shown('username', 'bot'),
						hidden('credential', 'made up'),
						shown('type', 'jwt'),
						shown('filename', 'deploy.jwt'),
						shown('valid from', '2029-01-02'),
						shown('hostname', 'ci.example')
					]
				}
			},
			{
				line: 2,
				draft: {
					...bare,
					name: 'Server',
					fields: [
						hidden('private key', SSH.privateKey),
						shown('private key public key', SSH.publicKey),
						shown('private key fingerprint', SSH.fingerprint)
					]
				}
			},
			{
				line: 3,
				draft: {
					...bare,
					name: 'Console',
					url: 'https://a.example',
					tags: ['ci', 'prod/eu'],
					fields: [
						shown('username', 'me'),
						hidden('password', 'pw'),
						hidden('one-time password', 'otpauth://totp/C?secret=MADEUP'),
						shown('mail', 'me@a.example'),
						shown('renewed', '203105'),
						shown('url', 'https://a.example/keys')
					]
				}
			},
			{
				line: 4,
				archived: true,
				draft: { ...bare, name: 'Put away', fields: [hidden('key', 'pw')] }
			}
		],
		refused: [
			{ line: 2, what: 'Server: SSH Key Section', why: 'parts' },
			{ line: 3, what: 'Console: passwordHistory, More, home, scan, see', why: 'parts' },
			{ line: 5, what: 'Note', why: 'kind' },
			{ line: 6, what: 'Paper', why: 'kind' }
		]
	},
	{
		name: '1Password, 1PUX of before 2022, each item wrapped once more',
		source: 'package 1pux-to-csv 1.1.0, types.d.ts; support.1password.com/1pux-format',
		file: fileOf(
			[
				[
					vaultOf('Team', [
						{ item: item('005', 'One', { password: 'pw' }, { trashed: false }) },
						{ item: item('005', 'Two', { password: 'p2' }), file: { attrs: {}, path: 'f' } }
					])
				]
			],
			['f']
		),
		format: '1pux',
		program: '1password',
		candidates: [
			{ line: 1, draft: { ...bare, name: 'One', fields: [hidden('key', 'pw')] } },
			{ line: 2, draft: { ...bare, name: 'Two', fields: [hidden('key', 'p2')] } }
		],
		refused: [{ line: 2, what: 'Two: file', why: 'parts' }]
	},
	{
		name: '1Password, CSV',
		source: '1Password 8, File › Export › CSV: the header that it writes',
		file: [
			'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes',
			'One,https://a.example,me,pw,otpauth://totp/O?secret=MADEUP,true,false,ci;prod,"l1',
			'l2"',
			'Two,,,p2,,false,true,alone,',
			'Three,,,p3,,false,since May,,',
			'Four,,me,,,false,false,,'
		].join('\n'),
		format: 'csv',
		program: '1password',
		candidates: [
			{
				line: 2,
				draft: {
					name: 'One',
					envVars: [],
					url: 'https://a.example',
					tags: ['ci', 'prod'],
					note: 'l1\nl2',
					fields: [
						shown('Username', 'me'),
						hidden('Password', 'pw'),
						hidden('OTPAuth', 'otpauth://totp/O?secret=MADEUP')
					]
				}
			},
			{
				line: 4,
				archived: true,
				draft: { name: 'Two', envVars: [], tags: ['alone'], fields: [hidden('key', 'p2')] }
			},
			{
				line: 5,
				draft: { name: 'Three', envVars: [], tags: [], fields: [hidden('key', 'p3')] }
			}
		],
		refused: [
			{ line: 5, what: 'Three: Archived', why: 'parts' },
			{ line: 6, what: 'Four', why: 'empty' }
		]
	}
];
