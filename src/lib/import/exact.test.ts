/** What another program wrote is taken as it is written, or named as not taken. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { ImportError } from './content.ts';
import { readFile, type ReadChoice } from './read-file.ts';

async function contentOf(file: string, choice?: ReadChoice) {
	const found = await readFile(utf8(file), choice);
	if (found.outcome !== 'read') throw new Error(found.outcome);
	return found.content;
}

async function valuesIn(file: string): Promise<string[]> {
	const { candidates } = await contentOf(file);
	return candidates.flatMap(({ draft }) => draft.fields.map(({ value }) => value));
}

describe('JSON', () => {
	test.each(['1034567890123456789', '0.10', '1e3', '-0', '1E400', '12', '-1.5'])(
		'keeps the number %s as it is written',
		async (number) => {
			expect(await valuesIn(`{"A_KEY": ${number} ,"B_KEY":"x\\"${number}"}`)).toEqual([
				number,
				`x"${number}`
			]);
		}
	);

	test('takes the last of two values of one name, and names the other', async () => {
		const { candidates, refused } = await contentOf('{"A_KEY":"1","B":"2","A\\u005fKEY":"3"}');
		expect(candidates.map(({ line, draft }) => [line, draft.fields[0]?.value])).toEqual([
			[2, '2'],
			[3, '3']
		]);
		expect(refused).toEqual([{ line: 1, what: 'A_KEY', why: 'again' }]);
	});

	test.each([
		'{"items":[{"name":"One","login":{"password":"1","password":"2"}}]}',
		'{"items":[],"items":[]}',
		'[{"key":"A","value":"1","value":"2"}]'
	])('is refused where a name stands twice in an entry: %s', async (file) => {
		await expect(readFile(utf8(file))).rejects.toThrow(ImportError);
	});

	test('takes the same name in two entries', async () => {
		expect(await valuesIn('[{"key":"A","value":"1"},{"key":"B","value":"2"}]')).toEqual(['1', '2']);
	});
});

describe('a table', () => {
	test('refuses a row of more values than columns, by its place alone', async () => {
		const { candidates, refused } = await contentOf('Password,Name\ntop,secret,One\np,Two,,\n');
		expect(candidates.map(({ draft }) => draft.name)).toEqual(['Two']);
		expect(refused).toEqual([{ line: 2, what: '', why: 'syntax' }]);
	});

	test('names a day that is not written as one', async () => {
		const { candidates, refused } = await contentOf('Name,Token,Expires\nOne,t,31.12.2030\n');
		expect(candidates).toHaveLength(1);
		expect(refused).toEqual([{ line: 2, what: 'One: Expires', why: 'parts' }]);
	});

	test('names the columns of which one value is taken', async () => {
		const columns = { A: 'name', B: 'name', C: 'value', D: 'project', E: 'project' } as const;
		const { refused } = await contentOf('A,B,C,D,E\nOne,Two,v,p,q\n', { columns });
		expect(refused).toEqual([{ line: 2, what: 'One: B, E', why: 'parts' }]);
	});

	test('takes every address of a row', async () => {
		const { candidates } = await contentOf(
			'Name,Token,Url\nOne,t,"https://a.example/x,y,https://b.example"\n'
		);
		expect(candidates[0]?.draft).toMatchObject({
			url: 'https://a.example/x,y',
			fields: [{ value: 't' }, { name: 'Url', value: 'https://b.example', hidden: false }]
		});
	});

	test.each(['constructor', '__proto__', 'toString'])(
		'ignores a column called %s of a program that has none',
		async (name) => {
			const found = await readFile(utf8(`Key,Value,${name}\nA_KEY,v,x\n`));
			expect(found).toMatchObject({ program: 'infisical', content: { candidates: [{}] } });
			const columns = found.outcome === 'read' ? Object.entries(found.columns ?? {}) : [];
			expect(columns).toEqual([
				['Key', 'variable'],
				['Value', 'value'],
				[name, 'ignored']
			]);
		}
	);
});
