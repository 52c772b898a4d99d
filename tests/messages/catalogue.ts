/** Where the catalogue of a language differs from the English one in more than its words. */

interface Plural {
	readonly declarations: readonly string[];
	readonly selectors: readonly string[];
	/** Texts by form: `countPlural=other`. */
	readonly match: Readonly<Record<string, string>>;
}

export type Message = string | readonly Plural[];

export type Catalogue = Readonly<Record<string, Message>>;

/** The form that stands for one thing may spell the number out. */
const ONE = /=one$/;

/** `same`: the messages that say the same as English. Those in `anywhere` may. */
export function catalogueFaults(
	english: Catalogue,
	other: Catalogue,
	language: string,
	same: readonly string[],
	anywhere: readonly string[] = []
): string[] {
	const missing = Object.keys(english).filter((key) => !Object.hasOwn(other, key));
	const surplus = Object.keys(other).filter((key) => !Object.hasOwn(english, key));
	const allowed = new Set([...same, ...anywhere]);
	const untouched = Object.keys(english).filter((key) => isSame(english[key], other[key]));
	return [
		...missing.map((key) => `${key} is missing`),
		...surplus.map((key) => `${key} is not in English`),
		...untouched.filter((key) => !allowed.has(key)).map((key) => `${key} is left in English`),
		...same.filter((key) => !untouched.includes(key)).map((key) => `${key} differs from English`),
		...Object.entries(english).flatMap(([key, message]) =>
			messageFaults(message, other[key], language).map((what) => `${key} ${what}`)
		)
	];
}

function isSame(one: Message | undefined, other: Message | undefined): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}

function messageFaults(english: Message, other: Message | undefined, language: string): string[] {
	if (other === undefined) return [];
	if (typeof english === 'string') {
		return typeof other === 'string' ? textFaults(english, other) : ['is no plural in English'];
	}
	if (typeof other === 'string') return ['is a plural in English'];
	const [wanted] = english;
	const [given] = other;
	if (wanted === undefined || given === undefined) return ['says nothing'];
	return [
		...sameWords('declarations', wanted.declarations, given.declarations),
		...sameWords('selectors', wanted.selectors, given.selectors),
		...formFaults(wanted, given, language)
	];
}

function formFaults(english: Plural, other: Plural, language: string): string[] {
	const [selector = ''] = english.selectors;
	const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
	const forms = pluralCategories.map((category) => `${selector}=${category}`);
	const missing = forms.filter((form) => !Object.hasOwn(other.match, form));
	const surplus = Object.keys(other.match).filter((form) => !forms.includes(form));
	const model = english.match[`${selector}=other`] ?? '';
	return [
		...missing.map((form) => `has no form ${form}`),
		...surplus.map((form) => `has the form ${form}, which the language does not have`),
		...Object.entries(other.match).flatMap(([form, text]) =>
			surplus.includes(form) ? [] : textFaults(model, text, ONE.test(form))
		)
	];
}

function textFaults(english: string, other: string, mayBeOne = false): string[] {
	if (other.trim() === '') return ['says nothing'];
	const given = placeholders(other);
	const wanted = placeholders(english);
	const gone = wanted.filter((name) => !given.includes(name));
	const strange = given.filter((name) => !wanted.includes(name));
	const faults: string[] = [];
	if (strange.length > 0 || (gone.length > 0 && !(mayBeOne && gone.length === 1))) {
		faults.push(`has the placeholders ${given.join(' ')} instead of ${wanted.join(' ')}`);
	}
	if (lineBreaks(english) !== lineBreaks(other)) faults.push('has other lines');
	if (edges(english) !== edges(other)) faults.push('begins or ends with other white space');
	if (/[<>]/.test(other) && !/[<>]/.test(english)) faults.push('has markup');
	return faults;
}

function sameWords(what: string, one: readonly string[], other: readonly string[]): string[] {
	return one.join('\n') === other.join('\n') ? [] : [`has other ${what}`];
}

function placeholders(text: string): string[] {
	return [...new Set(text.match(/\{\w*\}/g))].sort();
}

function lineBreaks(text: string): string {
	return text.replace(/[^\n]+/g, '-');
}

function edges(text: string): string {
	return `${/^\s*/.exec(text)?.[0] ?? ''}|${/\s*$/.exec(text)?.[0] ?? ''}`;
}
