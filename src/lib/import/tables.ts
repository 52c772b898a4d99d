/** Rows of a table as keys: of one that is known, or of any whose columns a person names. */
import type { Draft, DraftField } from '#lib/items/key.ts';
import { isDay } from '#lib/items/expiry.ts';
import { present } from '#lib/items/json.ts';
import { detect } from '#lib/items/providers.ts';
import { Collecting, fieldsOf } from '#lib/import/collecting.ts';
import type { ImportContent } from '#lib/import/content.ts';
import type { CsvRow } from '#lib/import/csv.ts';
import { headOf, knownTable, type Column, type Columns } from '#lib/import/known-tables.ts';
import { shownHead } from '#lib/import/line-name.ts';

/** What programs write for yes and for no in a column. */
const YES = /^(?:true|yes|1)$/i;
const NO = /^(?:false|no|0)?$/i;

/** Columns of which a key takes one text. */
const ONCE: readonly Column[] = ['name', 'variable', 'project', 'environment', 'expires'];

/**
 * The rows below the first as keys; none where no column has a value, until a person names one.
 *
 * @throws {ImportError} `format` if there is no first row
 */
export function readTable(rows: readonly CsvRow[], columns: Columns): ImportContent {
	const heads = headOf(rows);
	const meaning = heads.map((head) => (Object.hasOwn(columns, head) ? columns[head] : 'ignored'));
	const { variables = {}, writtenBreaks = false } = knownTable(rows) ?? {};
	const into = new Collecting();
	if (!meaning.some((column) => column === 'value' || column === 'fields')) return into.done();
	for (const head of ignoredIn(rows, heads, meaning))
		into.refuse(rows[0]?.line ?? 1, head, 'column');
	for (const { line, values } of rows.slice(1)) {
		if (values.slice(heads.length).some((text) => text.trim() !== '')) {
			// Which value belongs to which column is lost, so none of them is shown as a name.
			into.refuse(line, '', 'syntax');
			continue;
		}
		const cells = heads.map((head, index) => ({
			head,
			column: meaning[index] ?? 'ignored',
			text: writtenBreaks ? withBreaks(values[index] ?? '') : (values[index] ?? ''),
			...present({ variable: Object.hasOwn(variables, head) ? variables[head] : undefined })
		}));
		takeRow(into, line, cells);
	}
	return into.done();
}

/** The names of the columns of which nothing is taken, and in which something stands, each once. */
function ignoredIn(
	rows: readonly CsvRow[],
	heads: readonly string[],
	meaning: readonly (Column | undefined)[]
): string[] {
	const bare = knownTable(rows)?.bare ?? [];
	const left = heads.filter(
		(head, index) =>
			(meaning[index] ?? 'ignored') === 'ignored' &&
			!bare.includes(head) &&
			rows.slice(1).some(({ values }) => (values[index] ?? '').trim() !== '')
	);
	return [...new Set(left)].map(shownHead);
}

interface Cell {
	readonly head: string;
	readonly column: Column;
	readonly text: string;
	readonly variable?: string;
}

function takeRow(into: Collecting, line: number, cells: readonly Cell[]): void {
	const all = (column: Column) =>
		cells.flatMap((cell) => (cell.column === column && cell.text !== '' ? [cell.text] : []));
	const variables = [
		...all('variable').slice(0, 1),
		...cells.flatMap((cell) => (cell.text === '' ? [] : (cell.variable ?? [])))
	];
	const addresses = cells.flatMap(addressesIn);
	const url = addresses[0]?.value;
	const listed = linesOf(all('fields').join('\n'));
	const fields = fieldsOf([
		...cells.flatMap(({ head, column, text, variable = head }) =>
			column === 'value' || column === 'shown'
				? [{ name: variable, value: text, hidden: column === 'value' }]
				: []
		),
		...listed.fields,
		...addresses.slice(1)
	]);
	const hidden = fields.find((field) => field.hidden);
	const [variable] = variables;
	const provider = hidden && detect(hidden.value, variable)?.provider;
	const name = all('name')[0] ?? all('variable')[0] ?? provider?.name ?? url ?? '';
	const kind = all('kind')[0] ?? 'login';
	if (hidden === undefined) {
		into.refuse(line, name, kind === 'login' ? 'empty' : 'kind');
		return;
	}
	if (listed.damaged) into.refuse(line, name, 'damaged');
	const [expires] = all('expires').filter(isDay);
	const draft = {
		...described(all, url),
		name,
		envVars: variables,
		...(provider === undefined ? {} : { provider: provider.id }),
		...(expires === undefined ? {} : { expiresOn: expires }),
		fields
	};
	const archived = all('archived').some((text) => YES.test(text.trim()));
	into.take(line, draft, leftOf(cells, expires), archived);
}

/** The columns whose text in this row has no place in the key. */
function leftOf(cells: readonly Cell[], expires: string | undefined): string[] {
	const taken = new Set<Column>();
	return cells.flatMap(({ head, column, text }) => {
		if (column === 'archived') return YES.test(text.trim()) || NO.test(text.trim()) ? [] : [head];
		if (text === '' || !ONCE.some((one) => one === column)) return [];
		const isTaken = !taken.has(column) && (column !== 'expires' || text === expires);
		if (isTaken) taken.add(column);
		return isTaken ? [] : [head];
	});
}

/** A PEM is of lines, so what stands for their breaks is known; of other values nobody can tell. */
function withBreaks(text: string): string {
	const isWritten = text.startsWith('-----BEGIN ') && !text.includes('\n');
	return isWritten ? text.replaceAll('\\n', '\n') : text;
}

/** One text may list several, parted by commas; an address may hold commas itself. */
function addressesIn({ head, column, text }: Cell): DraftField[] {
	if (column !== 'url' || text === '') return [];
	return text
		.split(/,(?=\s*[a-z][a-z\d+.-]*:\/\/)/i)
		.map((value) => ({ name: head, value: value.trim(), hidden: false }));
}

function described(
	all: (column: Column) => string[],
	url: string | undefined
): Omit<Draft, 'name' | 'fields'> {
	const [project] = all('project');
	const [environment] = all('environment');
	const note = all('note').join('\n');
	return {
		tags: all('tags').flatMap((tags) => tags.split(/[;,]/)),
		...(project === undefined ? {} : { project }),
		...(environment === undefined ? {} : { environment }),
		...(url === undefined ? {} : { url }),
		...(note === '' ? {} : { note })
	};
}

/** Bitwarden writes `name: value` and escapes nothing, so it is parted at the last `: `. */
function linesOf(text: string): { fields: DraftField[]; damaged: boolean } {
	const lines = text.split('\n').filter((line) => line !== '');
	const fields = lines.flatMap((line) => {
		const at = line.lastIndexOf(': ');
		return at === -1 ? [] : [{ name: line.slice(0, at), value: line.slice(at + 2), hidden: true }];
	});
	const damaged =
		fields.length < lines.length || fields.some(({ name }) => name.includes(': ') || name === '');
	return { fields, damaged };
}
