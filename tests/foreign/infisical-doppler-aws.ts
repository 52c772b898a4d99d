/** What services that hold keys for programs write: Infisical, Doppler and AWS. */
import { hidden, shown, type Golden } from './golden.ts';

const PEM = '-----BEGIN MADE UP-----\nA\n-----END MADE UP-----';
const WRITTEN = PEM.replaceAll('\n', '\\n');

function line(name: string, value: string) {
	return { name, envVars: [name], fields: [hidden('key', value)] };
}

function row(name: string, value: string) {
	return { ...line(name, value), tags: [] };
}

const tag = { id: 't', name: 'Tag', slug: 'tag-of-mine', color: '#fff' };
const entry = {
	...{ workspace: 'w', type: 'shared', _id: 'i', secretPath: '/', tags: [], comment: '' },
	...{ Etag: 'W/"1"', skipMultilineEncoding: false }
};

export const INFISICAL: readonly Golden[] = [
	{
		name: 'Infisical, JSON',
		source: 'infisical.com/docs/cli/commands/export; Infisical/cli, packages/models/cli.go',
		file: JSON.stringify([
			{ ...entry, key: 'A_KEY', value: PEM, secretPath: '/api/v1', tags: [tag], comment: 'c' },
			{ ...entry, key: 'B_KEY', value: 'mine', type: 'personal' },
			{ ...entry, key: 'C_KEY', value: '' }
		]),
		format: 'json',
		program: 'infisical',
		candidates: [
			{
				line: 1,
				draft: { ...row('A_KEY', PEM), project: 'api/v1', tags: ['Tag'], note: 'c' }
			},
			{ line: 2, draft: { ...row('B_KEY', 'mine'), project: '', note: '' } }
		],
		refused: [
			{ line: 2, what: 'B_KEY: type', why: 'parts' },
			{ line: 3, what: 'C_KEY', why: 'empty' }
		]
	},
	{
		name: 'Infisical, CSV with a line break that is written as one',
		source: 'Infisical/cli, packages/cmd/export.go, formatAsCSV and escapeNewLinesIfRequired',
		file: `Key,Value\nA_KEY,${WRITTEN}\nB_KEY,"a,""b"""\nC_KEY,C:\\new\nD_KEY,\n`,
		format: 'csv',
		program: 'infisical',
		candidates: [
			{ line: 2, draft: row('A_KEY', PEM) },
			{ line: 3, draft: row('B_KEY', 'a,"b"') },
			{ line: 4, draft: row('C_KEY', 'C:\\new') }
		],
		refused: [{ line: 5, what: 'D_KEY', why: 'empty' }]
	},
	{
		name: 'Infisical, lines',
		source: 'Infisical/cli, packages/cmd/export.go, formatAsDotEnv: nothing is escaped',
		file: `A_KEY='it's'\nB_KEY='${WRITTEN}'\nC_KEY=''\n`,
		format: 'infisical',
		candidates: [
			{ line: 1, draft: line('A_KEY', "it's") },
			{ line: 2, draft: line('B_KEY', PEM) }
		],
		refused: [{ line: 3, what: 'C_KEY', why: 'empty' }]
	},
	{
		name: 'Infisical, lines for a shell',
		source: 'Infisical/cli, packages/cmd/export.go, formatAsDotEnvEval: `export -- NAME=…`',
		file: `export -- A_KEY='plain'\nexport -- B_KEY='${PEM}'\n`,
		format: 'bash',
		candidates: [
			{ line: 1, draft: line('A_KEY', 'plain') },
			{ line: 2, draft: line('B_KEY', PEM) }
		],
		refused: []
	}
];

export const DOPPLER: readonly Golden[] = [
	{
		name: 'Doppler, JSON',
		source: 'docs.doppler.com/docs/cli, `doppler secrets download --format json`',
		file: JSON.stringify({
			A_KEY: '{"k":"v"}',
			B_KEY: PEM,
			DOPPLER_CONFIG: 'dev',
			DOPPLER_ENVIRONMENT: 'dev',
			DOPPLER_PROJECT: 'atlas',
			EMPTY: '',
			NESTED: { A: 'b' }
		}),
		format: 'json',
		program: 'doppler',
		candidates: [
			{ line: 1, draft: line('A_KEY', '{"k":"v"}') },
			{ line: 2, draft: line('B_KEY', PEM) }
		],
		refused: [
			{ line: 3, what: 'DOPPLER_CONFIG', why: 'own' },
			{ line: 4, what: 'DOPPLER_ENVIRONMENT', why: 'own' },
			{ line: 5, what: 'DOPPLER_PROJECT', why: 'own' },
			{ line: 6, what: 'EMPTY', why: 'empty' },
			{ line: 7, what: 'NESTED', why: 'syntax' }
		]
	},
	{
		name: 'Doppler, lines',
		source: 'DopplerHQ/cli, pkg/models, `--format env`: \\ and " have a \\ before them',
		file: `A_KEY="{\\"k\\":\\"a\\\\\\\\b\\"}"\nB_KEY="${PEM}"\nDOPPLER_PROJECT="atlas"\nEMPTY=""\n`,
		format: 'doppler',
		candidates: [
			{ line: 1, draft: line('A_KEY', '{"k":"a\\\\b"}') },
			{ line: 2, draft: line('B_KEY', PEM) }
		],
		refused: [
			{ line: 5, what: 'DOPPLER_PROJECT', why: 'own' },
			{ line: 6, what: 'EMPTY', why: 'empty' }
		]
	}
];

/** Where this program's table of providers says that keys are made. */
const CONSOLE = 'https://console.aws.amazon.com/iam';
const KEY_NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;

function aws(name: string, id: string, secret: string, ...more: readonly string[]) {
	return {
		name,
		provider: 'aws',
		envVars: [...KEY_NAMES, ...more],
		tags: [],
		fields: [hidden(KEY_NAMES[0], id), hidden(KEY_NAMES[1], secret)]
	};
}

export const AWS: readonly Golden[] = [
	{
		name: 'AWS, credentials and config in one',
		source: 'docs.aws.amazon.com/sdkref/latest/guide/file-format.html',
		file: [
			'# of mine',
			'[default]',
			'aws_access_key_id = one',
			'aws_secret_access_key = s/1+=',
			'region = eu-west-1 # near',
			'output = json',
			'; another',
			'[profile work]',
			'aws_access_key_id=ASIATWO',
			'aws_secret_access_key=s2',
			'aws_session_token=t2==',
			's3 =',
			'  max_concurrent_requests = 20',
			'[profile role]',
			'role_arn = arn:aws:iam::1:role/r',
			'source_profile = default',
			'[sso-session mine]',
			'sso_region = eu-west-1',
			'[profile none]',
			'not a setting',
			''
		].join('\n'),
		format: 'aws',
		candidates: [
			{
				line: 2,
				draft: {
					...aws('AWS default', 'one', 's/1+=', 'AWS_REGION'),
					url: CONSOLE,
					fields: [
						hidden(KEY_NAMES[0], 'one'),
						hidden(KEY_NAMES[1], 's/1+='),
						shown('AWS_REGION', 'eu-west-1')
					]
				}
			},
			{
				line: 8,
				draft: {
					...aws('AWS work', 'ASIATWO', 's2', 'AWS_SESSION_TOKEN'),
					url: CONSOLE,
					tags: ['temporary'],
					fields: [
						hidden(KEY_NAMES[0], 'ASIATWO'),
						hidden(KEY_NAMES[1], 's2'),
						hidden('AWS_SESSION_TOKEN', 't2==')
					]
				}
			}
		],
		refused: [
			{ line: 2, what: 'AWS default: output', why: 'parts' },
			{ line: 8, what: 'AWS work: s3', why: 'parts' },
			{ line: 14, what: 'role', why: 'kind' },
			{ line: 17, what: 'sso-session mine', why: 'kind' },
			{ line: 19, what: 'none', why: 'empty' },
			{ line: 20, what: '', why: 'syntax' }
		]
	},
	{
		name: 'AWS, config without a key',
		source: 'docs.aws.amazon.com/sdkref/latest/guide/file-format.html, “Profile: role”',
		file: '; mine\n\n[default]\nregion = eu-west-1\n[profile role]\nrole_arn = r\n',
		format: 'aws',
		candidates: [],
		refused: [
			{ line: 3, what: 'default', why: 'kind' },
			{ line: 5, what: 'role', why: 'kind' }
		]
	},
	{
		name: 'AWS, CSV of an access key',
		source:
			'docs.aws.amazon.com/IAM, “Manage access keys”: the file `accessKeys.csv`, with its mark',
		file: '\uFEFFAccess key ID,Secret access key\r\none,s/1+=\r\n',
		format: 'csv',
		program: 'aws',
		candidates: [{ line: 2, draft: aws('AWS', 'one', 's/1+=') }],
		refused: []
	},
	{
		name: 'AWS, CSV of new users',
		source: 'docs.aws.amazon.com/IAM, “Create an IAM user”: the file `credentials.csv`',
		file: [
			'User name,Password,Access key ID,Secret access key,Console login link',
			'ci,,one,s1,https://1.example/console',
			'me,pw,two,s2,https://1.example/console',
			'you,,,,https://1.example/console'
		].join('\r\n'),
		format: 'csv',
		program: 'aws',
		candidates: [
			{ line: 2, draft: { ...aws('ci', 'one', 's1'), url: 'https://1.example/console' } },
			{
				line: 3,
				draft: {
					...aws('me', 'two', 's2'),
					url: 'https://1.example/console',
					fields: [
						hidden('Password', 'pw'),
						hidden(KEY_NAMES[0], 'two'),
						hidden(KEY_NAMES[1], 's2')
					]
				}
			}
		],
		refused: [{ line: 4, what: 'you', why: 'empty' }]
	}
];
