/**
 * Bitwarden's password manager and its Secrets Manager. Members of an item as
 * `libs/common/src/models/export` of the repository `bitwarden/clients` writes them (2025.9):
 * all of them always, `null` where there is nothing.
 */
import { zipOf } from '../foreign-files.ts';
import { hidden, shown, type Golden } from './golden.ts';

const DATE = '2029-03-04T05:06:07.089Z';
const KINDS = { login: 1, note: 2, card: 3, identity: 4, ssh: 5 } as const;

export function item(kind: keyof typeof KINDS, name: string, more: object = {}) {
	return {
		...{ passwordHistory: null, revisionDate: DATE, creationDate: DATE, deletedDate: null },
		...{ archivedDate: null, id: `id of ${name}`, organizationId: null, folderId: null },
		...{ type: KINDS[kind], reprompt: 0, name, notes: null, favorite: false, fields: [] },
		...{ collectionIds: null, ...more }
	};
}

export function login(more: object) {
	return { uris: [], username: null, password: null, totp: null, fido2Credentials: [], ...more };
}

function field(type: number, name: string, value: string | null, linkedId: number | null = null) {
	return { name, value, type, linkedId };
}

const items = [
	item('login', 'Payments', {
		folderId: 'f1',
		favorite: true,
		reprompt: 1,
		notes: 'first line\nsecond line',
		login: login({
			uris: [
				{ match: null, uri: 'https://pay.example/login' },
				{ match: 0, uri: 'https://pay.example/keys' }
			],
			username: 'me',
			password: 'pass: word',
			totp: 'otpauth://totp/Payments?secret=MADEUP'
		}),
		fields: [
			field(0, 'plan', 'basic'),
			field(0, 'WEBHOOK_SECRET', 'in a text field'),
			field(1, 'signing', 'in a hidden field'),
			field(2, 'live', 'true'),
			field(3, 'sign in as', null, 100),
			field(1, 'nothing', null)
		]
	}),
	item('note', 'Runbook', { notes: 'text', secureNote: { type: 0 } }),
	item('note', 'Deploy note', {
		secureNote: { type: 0 },
		fields: [field(1, 'token', 'in a note')]
	}),
	item('card', 'Bank', { card: { number: '1', code: '2' } }),
	item('identity', 'Me', { identity: { firstName: 'A' } }),
	item('ssh', 'Server', {
		folderId: 'f2',
		sshKey: { privateKey: '-----BEGIN MADE UP-----\n', publicKey: 'ssh-x A', keyFingerprint: 'F' }
	}),
	item('login', 'Old', {
		archivedDate: DATE,
		passwordHistory: [{ lastUsedDate: DATE, password: 'older' }],
		login: login({ password: 'put away', fido2Credentials: [{ credentialId: 'c' }] })
	}),
	item('login', 'No password', { login: login({ username: 'me' }) })
];

const vault = {
	encrypted: false,
	folders: [
		{ id: 'f1', name: 'Work/Atlas' },
		{ id: 'f2', name: 'Home' }
	],
	items
};

const payments = {
	name: 'Payments',
	project: 'Work/Atlas',
	url: 'https://pay.example/login',
	note: 'first line\nsecond line',
	tags: [],
	fields: [
		hidden('password', 'pass: word'),
		shown('username', 'me'),
		hidden('totp', 'otpauth://totp/Payments?secret=MADEUP'),
		shown('uri', 'https://pay.example/keys'),
		shown('plan', 'basic'),
		hidden('WEBHOOK_SECRET', 'in a text field'),
		hidden('signing', 'in a hidden field'),
		shown('live', 'true')
	]
};
const bare = { project: '', note: '', url: '', tags: [] };

const person: Golden = {
	name: 'Bitwarden, JSON of a person',
	source: 'bitwarden.com/help/export-your-data; bitwarden/clients, models/export',
	file: JSON.stringify(vault, null, 2),
	format: 'json',
	program: 'bitwarden',
	candidates: [
		{ line: 1, draft: payments },
		{
			line: 3,
			draft: { ...bare, name: 'Deploy note', fields: [hidden('key', 'in a note')] }
		},
		{
			line: 6,
			draft: {
				...bare,
				name: 'Server',
				project: 'Home',
				fields: [
					hidden('private key', '-----BEGIN MADE UP-----\n'),
					shown('public key', 'ssh-x A'),
					shown('fingerprint', 'F')
				]
			}
		},
		{
			line: 7,
			archived: true,
			draft: { ...bare, name: 'Old', fields: [hidden('key', 'put away')] }
		}
	],
	refused: [
		{ line: 1, what: 'Payments: sign in as', why: 'parts' },
		{ line: 2, what: 'Runbook', why: 'kind' },
		{ line: 4, what: 'Bank', why: 'kind' },
		{ line: 5, what: 'Me', why: 'kind' },
		{ line: 7, what: 'Old: passwordHistory, fido2Credentials', why: 'parts' },
		{ line: 8, what: 'No password', why: 'empty' }
	]
};

const shared = {
	encrypted: false,
	collections: [
		{ id: 'c1', organizationId: 'o', name: 'Team/CI', externalId: null },
		{ id: 'c2', organizationId: 'o', name: 'Team/Ops', externalId: null }
	],
	items: [
		item('login', 'One', {
			organizationId: 'o',
			collectionIds: ['c1'],
			login: login({ password: 'p1' })
		}),
		item('login', 'Both', {
			organizationId: 'o',
			collectionIds: ['c2', 'c1'],
			login: login({ password: 'p2' })
		})
	]
};

const HEAD = 'name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp';

export const BITWARDEN: readonly Golden[] = [
	person,
	{
		...person,
		name: 'Bitwarden, zip with attachments',
		source: 'bitwarden.com/help/export-your-data, “zip (with attachments)”',
		file: zipOf([
			['data.json', JSON.stringify(vault)],
			['attachments/id of Server/notes.txt', 'text']
		]),
		refused: [
			...person.refused.filter(({ line }) => line < 6),
			{ line: 6, what: 'Server: attachments', why: 'parts' },
			...person.refused.filter(({ line }) => line > 6)
		]
	},
	{
		name: 'Bitwarden, JSON of an organisation',
		source: 'bitwarden.com/help/export-your-data; bitwarden/clients, collection-with-id.export.ts',
		file: JSON.stringify(shared),
		format: 'json',
		program: 'bitwarden',
		candidates: [
			{
				line: 1,
				draft: { ...bare, name: 'One', project: 'Team/CI', fields: [hidden('key', 'p1')] }
			},
			{
				line: 2,
				draft: { ...bare, name: 'Both', project: 'Team/Ops', fields: [hidden('key', 'p2')] }
			}
		],
		refused: [{ line: 2, what: 'Both: collectionIds', why: 'parts' }]
	},
	{
		name: 'Bitwarden, CSV of a person, with values over several lines and a byte order mark',
		source: 'bitwarden.com/help/condition-bitwarden-import, “.csv for individual vault”',
		file: [
			`\uFEFFfolder,favorite,type,${HEAD}`,
			'Work,1,login,One,"two',
			'lines, and ""quotes""","K: v',
			'URL: a: b",1,"https://a.example,https://b.example",me,pw,JBSW',
			',,note,Two,text,,0,,,,',
			',,note,Three,,token: t,0,,,,',
			''
		].join('\r\n'),
		format: 'csv',
		program: 'bitwarden',
		candidates: [
			{
				line: 2,
				draft: {
					name: 'One',
					envVars: [],
					tags: [],
					project: 'Work',
					url: 'https://a.example',
					note: 'two\nlines, and "quotes"',
					fields: [
						shown('login_username', 'me'),
						hidden('login_password', 'pw'),
						hidden('login_totp', 'JBSW'),
						hidden('K', 'v'),
						hidden('URL: a', 'b'),
						shown('login_uri', 'https://b.example')
					]
				}
			},
			{
				line: 6,
				draft: { name: 'Three', envVars: [], tags: [], fields: [hidden('key', 't')] }
			}
		],
		refused: [
			{ line: 2, what: 'One', why: 'damaged' },
			{ line: 5, what: 'Two', why: 'kind' }
		]
	},
	{
		name: 'Bitwarden, CSV of an organisation, from before there was reprompt',
		source: 'bitwarden.com/help/condition-bitwarden-import, “.csv for an organization”',
		file: [
			`collections,type,${HEAD.replace('reprompt,', '')}`,
			'"Team/CI,Team/Ops",login,One,,,,,p1,'
		].join('\n'),
		format: 'csv',
		program: 'bitwarden',
		candidates: [
			{
				line: 2,
				draft: {
					name: 'One',
					envVars: [],
					tags: [],
					project: 'Team/CI,Team/Ops',
					fields: [hidden('key', 'p1')]
				}
			}
		],
		refused: []
	}
];

const secret = { object: 'secret', organizationId: 'o', creationDate: DATE, revisionDate: DATE };

export const BITWARDEN_SECRETS: readonly Golden[] = [
	{
		name: 'Bitwarden Secrets Manager, list of its command',
		source: 'bitwarden.com/help/secrets-manager-cli, `bws secret list`; bitwarden/sdk-sm',
		file: JSON.stringify([
			{ ...secret, id: '1', projectId: 'p1', key: 'A_KEY', value: 'a', note: 'of A' },
			{ ...secret, id: '2', projectId: null, key: 'B_KEY', value: 'l1\nl2', note: '' },
			{ ...secret, id: '3', projectId: null, key: 'C_KEY', value: '', note: '' }
		]),
		format: 'json',
		program: 'bitwarden-secrets',
		candidates: [
			{
				line: 1,
				draft: { ...entry('A_KEY', 'a'), note: 'of A' }
			},
			{ line: 2, draft: entry('B_KEY', 'l1\nl2') }
		],
		refused: [{ line: 3, what: 'C_KEY', why: 'empty' }]
	},
	{
		name: 'Bitwarden Secrets Manager, export of its page',
		source: 'bitwarden.com/help/import-secrets-data; bitwarden/clients, sm-import-export models',
		file: JSON.stringify({
			projects: [
				{ id: 'p1', name: 'Atlas' },
				{ id: 'p2', name: 'Boreas' }
			],
			secrets: [
				{ id: '1', key: 'A_KEY', value: 'a', note: 'of A', projectIds: ['p1'] },
				{ id: '2', key: 'B_KEY', value: 'b', note: '', projectIds: [] },
				{ id: '3', key: 'C_KEY', value: 'c', note: '', projectIds: ['p2', 'p1'] }
			]
		}),
		format: 'json',
		program: 'bitwarden-secrets',
		candidates: [
			{ line: 1, draft: { ...entry('A_KEY', 'a'), project: 'Atlas', note: 'of A' } },
			{ line: 2, draft: entry('B_KEY', 'b') },
			{ line: 3, draft: { ...entry('C_KEY', 'c'), project: 'Boreas' } }
		],
		refused: [{ line: 3, what: 'C_KEY: projectIds', why: 'parts' }]
	},
	{
		name: 'Bitwarden Secrets Manager, lines of its command',
		source: 'bitwarden/sdk-sm, crates/bws, `--output env`: names that are none are commented out',
		file: 'A_KEY="a"\n# B-KEY="b"\nC_KEY="l1\nl2"\n',
		format: 'dotenv',
		candidates: [
			{
				line: 1,
				draft: { name: 'A_KEY', envVars: ['A_KEY'], fields: [hidden('key', 'a')] }
			},
			{
				line: 3,
				draft: { name: 'C_KEY', envVars: ['C_KEY'], fields: [hidden('key', 'l1\nl2')] }
			}
		],
		refused: []
	}
];

/** One of a list: its name is its variable. */
function entry(name: string, value: string) {
	return { name, envVars: [name], fields: [hidden('key', value)], note: '', tags: [], project: '' };
}
