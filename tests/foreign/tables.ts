/** Tables of Proton Pass and of programs that are not known by name. */
import { hidden, shown, type Golden } from './golden.ts';

const OLD_HEAD = 'type,name,url,email,username,password,note,totp,createTime,modifyTime,vault';
const HEAD = OLD_HEAD.replace('url,', 'url,autofillUrls,');
const TIMES = '1700000000,1700000001';

export const TABLES: readonly Golden[] = [
	{
		name: 'Proton Pass, CSV',
		source: 'ProtonMail/WebClients, packages/pass/lib/export/csv.ts (2026), by papaparse',
		file: [
			HEAD,
			`login,One,"https://a.example, https://b.example","[{""url"":""u""}]",me@a.example,me,pw,n,otpauth://totp/O,${TIMES},Work`,
			`note,Two,,,,,,text,,${TIMES},Home`,
			`alias,Three,,,x@a.example,,,,,${TIMES},Home`,
			`creditCard,Four,,,,,,"{""number"":""1""}",,${TIMES},Home`
		].join('\r\n'),
		format: 'csv',
		program: 'proton',
		candidates: [
			{
				line: 2,
				draft: {
					name: 'One',
					envVars: [],
					tags: [],
					project: 'Work',
					url: 'https://a.example',
					note: 'n',
					fields: [
						shown('email', 'me@a.example'),
						shown('username', 'me'),
						hidden('password', 'pw'),
						hidden('totp', 'otpauth://totp/O'),
						shown('url', 'https://b.example')
					]
				}
			}
		],
		refused: [
			{ line: 1, what: 'autofillUrls', why: 'column' },
			{ line: 3, what: 'Two', why: 'kind' },
			{ line: 4, what: 'Three', why: 'kind' },
			{ line: 5, what: 'Four', why: 'kind' }
		]
	},
	{
		name: 'Proton Pass, CSV of before 2026',
		source: 'ProtonMail/WebClients, protonpass.csv.types.ts',
		file: `${OLD_HEAD}\nlogin,One,,,,pw,,,${TIMES},Work\n`,
		format: 'csv',
		program: 'proton',
		candidates: [
			{
				line: 2,
				draft: {
					name: 'One',
					envVars: [],
					tags: [],
					project: 'Work',
					fields: [hidden('key', 'pw')]
				}
			}
		],
		refused: []
	},
	{
		name: 'KeePassXC, CSV',
		source: 'keepassxreboot/keepassxc, src/format/CsvExporter.cpp (2.7)',
		file: [
			'"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"',
			'"Root/Work","One","me","pw","https://a.example","l1',
			'l2","otpauth://totp/O","0","2029-01-02T03:04:05Z","2029-01-02T03:04:05Z"',
			''
		].join('\n'),
		format: 'csv',
		candidates: [
			{
				line: 2,
				draft: {
					name: 'One',
					envVars: [],
					tags: [],
					project: 'Root/Work',
					url: 'https://a.example',
					note: 'l1\nl2',
					fields: [
						shown('Username', 'me'),
						hidden('Password', 'pw'),
						hidden('TOTP', 'otpauth://totp/O')
					]
				}
			}
		],
		refused: [
			{ line: 1, what: 'Icon', why: 'column' },
			{ line: 1, what: 'Last Modified', why: 'column' },
			{ line: 1, what: 'Created', why: 'column' }
		]
	},
	{
		name: 'a table of a spreadsheet, in tabs and UTF-16',
		source: 'Excel, “Unicode Text (*.txt)”: UTF-16LE with its mark, tabs, CRLF',
		file: new Uint8Array(
			Buffer.from(
				'\uFEFFService\tAPI key\tStage\tValid until\tColour\r\nAcme\t=1+1\tprod\t2031-05-06\tred\r\n\t\tprod\t\t\r\nBeta\t"a\tb"\t\tsoon\t\r\n',
				'utf16le'
			)
		),
		format: 'csv',
		candidates: [
			{
				line: 2,
				draft: {
					name: 'Acme',
					envVars: [],
					tags: [],
					environment: 'prod',
					expiresOn: '2031-05-06',
					fields: [hidden('key', '=1+1')]
				}
			},
			{
				line: 4,
				draft: { name: 'Beta', envVars: [], tags: [], fields: [hidden('key', 'a\tb')] }
			}
		],
		refused: [
			{ line: 1, what: 'Colour', why: 'column' },
			{ line: 3, what: '', why: 'empty' },
			{ line: 4, what: 'Beta: Valid until', why: 'parts' }
		]
	}
];
