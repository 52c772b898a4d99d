/**
 * `.env` files. Their dialects are held against the programs themselves in `import/env.test.ts`; these
 * show what becomes of whole files.
 */
import { hidden, type Golden } from './golden.ts';

function variable(name: string, value: string) {
	return { name, envVars: [name], fields: [hidden('key', value)] };
}

export const ENV_FILES: readonly Golden[] = [
	{
		name: '.env of dotenv, with a mark and CRLF',
		source:
			'motdotla/dotenv, lib/main.js, parse; its README, “What rules does the parsing engine follow?”',
		file: '\uFEFF# mine\r\nA_KEY=a#b\r\nB_KEY="l1\\nl2" # c\r\nexport C_KEY = \'l\r\n2\'\r\nA_KEY=last\r\nNONE=\r\nnot one\r\n',
		format: 'dotenv',
		candidates: [
			{ line: 3, draft: variable('B_KEY', 'l1\nl2') },
			{ line: 4, draft: variable('C_KEY', 'l\n2') },
			{ line: 6, draft: variable('A_KEY', 'last') }
		],
		refused: [
			{ line: 2, what: 'A_KEY', why: 'again' },
			{ line: 7, what: 'NONE', why: 'empty' },
			{ line: 8, what: '', why: 'syntax' }
		]
	},
	{
		name: '.env of dotenvx',
		source: 'dotenvx/dotenvx, README, “Encryption” and “Variable expansion”; @dotenvx/primitives',
		file: 'DOTENV_PUBLIC_KEY="02ab"\nA_KEY=a\nB_KEY="${A_KEY}-b"\nC_KEY="encrypted:BE9"\nD_KEY="$(id)"\nE_KEY=$NONE\n',
		format: 'dotenvx',
		candidates: [
			{ line: 1, draft: variable('DOTENV_PUBLIC_KEY', '02ab') },
			{ line: 2, draft: variable('A_KEY', 'a') },
			{ line: 3, draft: variable('B_KEY', 'a-b') }
		],
		refused: [
			{ line: 4, what: 'C_KEY', why: 'encrypted' },
			{ line: 5, what: 'D_KEY', why: 'command' },
			{ line: 6, what: 'E_KEY', why: 'variable' }
		]
	},
	{
		name: '.env of Docker Compose',
		source: 'docs.docker.com/compose, “Interpolation”; compose-go, dotenv/parser.go',
		file: "A_KEY=p$$w\nB_KEY='$x'\nC_KEY=${NONE:-d}\nD_KEY=\"open\n",
		format: 'compose',
		candidates: [
			{ line: 1, draft: variable('A_KEY', 'p$w') },
			{ line: 2, draft: variable('B_KEY', '$x') },
			{ line: 3, draft: variable('C_KEY', 'd') }
		],
		refused: [{ line: 4, what: 'D_KEY', why: 'syntax' }]
	},
	{
		name: 'what a shell exports',
		source: 'POSIX.1-2024, `export -p`; GNU bash 5.2, “Shell Parameters” and `declare`',
		file: "declare -x A_KEY=\"a\\\"b\"\nexport B_KEY='it'\\''s'\nexport C_KEY=$(cat f)\nexport D_KEY=$HOME\n",
		format: 'bash',
		candidates: [
			{ line: 1, draft: variable('A_KEY', 'a"b') },
			{ line: 2, draft: variable('B_KEY', "it's") }
		],
		refused: [
			{ line: 3, what: 'C_KEY', why: 'command' },
			{ line: 4, what: 'D_KEY', why: 'variable' }
		]
	}
];
