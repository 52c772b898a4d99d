/** What is refused is called by a name, and never by what may be a key. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { DIALECTS } from './env.ts';
import { readFile, type Format } from './read-file.ts';

const FORMATS: readonly Format[] = [...DIALECTS, 'aws'];
/** As base64 looks, with the letters and digits of nobody's key. */
const BASE64 = 'aB3dE6gH'.repeat(6);
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

async function contentOf(file: string, format: Format) {
	const found = await readFile(utf8(file), { format });
	if (found.outcome !== 'read') throw new Error(found.outcome);
	return found.content;
}

describe.each(FORMATS)('read as %s', (format) => {
	test.each([
		[
			'lines of a PEM',
			`A_KEY=-----BEGIN KEY-----\n${BASE64}\n${BASE64}==\naB3=\n-----END KEY-----`
		],
		['a bare token', `# mine\n${TOKEN}\n`],
		['a token before a colon', `${TOKEN}: x\n${TOKEN}:\n`],
		['a name without a value', `${TOKEN}=\n${BASE64}=\n`],
		['a second line', `[default]\naws_secret_access_key = x\n${BASE64}\n  ${BASE64}\n`]
	])('%s gives no name away', async (_, file) => {
		const { refused } = await contentOf(file, format);
		expect(refused.length).toBeGreaterThan(0);
		expect(JSON.stringify(refused)).not.toMatch(/aB3|a1B2/);
	});

	test('keeps every place', async () => {
		const { refused } = await contentOf(`[default]\n${BASE64}\n${TOKEN}\n`, format);
		expect(refused.map(({ line }) => line)).toEqual(expect.arrayContaining([2, 3]));
	});
});

describe('what is left out', () => {
	test('takes no key for the end of one', async () => {
		const { candidates } = await contentOf(`B_KEY=v\n${BASE64}==\n`, 'dotenv');
		expect(candidates.map(({ draft }) => draft.name)).toEqual(['B_KEY']);
	});

	test('is called by its name where a value follows', async () => {
		const { refused } = await contentOf('A_KEY="$(id)"\nB_KEY=\nexport C_KEY=`id`', 'bash');
		expect(refused.map(({ what }) => what)).toEqual(['A_KEY', 'B_KEY', 'C_KEY']);
	});

	test('names what an AWS profile sets twice, and lines that go on', async () => {
		const file =
			'[one]\naws_secret_access_key=s\naws_secret_access_key=t\n  rest\ns3 =\n  max = 1\n';
		const { candidates, refused } = await contentOf(file, 'aws');
		expect(candidates[0]?.draft.fields).toMatchObject([{ value: 't' }]);
		expect(refused).toEqual([
			{ line: 1, what: 'AWS one: s3', why: 'parts' },
			{ line: 3, what: 'aws_secret_access_key', why: 'again' },
			{ line: 4, what: '', why: 'syntax' }
		]);
	});
});
