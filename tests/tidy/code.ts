/** What the rules need to know of a program text: its imports, and the text without its comments. */
import ts from 'typescript';
import type { Source } from './sources.ts';

const SCRIPT = /<script[^>]*>([\s\S]*?)<\/script>/g;
const MARKUP_COMMENT = /<!--[\s\S]*?-->/g;

/** The specifiers of all imports and re-exports, dynamic and type-only ones too, without a query. */
export function importsOf({ path, text }: Source): string[] {
	const scripts = path.endsWith('.svelte') ? scriptsOf(text) : [text];
	return scripts
		.flatMap((script) => ts.preProcessFile(script, true, true).importedFiles)
		.map(({ fileName }) => fileName.replace(/\?.*$/, ''));
}

/** The specifiers of static imports and re-exports of which something is left when types are gone. */
export function valueImportsOf({ path, text }: Source): string[] {
	const scripts = path.endsWith('.svelte') ? scriptsOf(text) : [text];
	return scripts
		.flatMap((script) => [...parsed(script).statements])
		.filter((node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
		.filter((node) => !isOfTypes(node))
		.map(({ moduleSpecifier }) => moduleSpecifier)
		.filter((specifier) => specifier !== undefined && ts.isStringLiteral(specifier))
		.map(({ text: specifier }) => specifier.replace(/\?.*$/, ''));
}

function isOfTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
	if (ts.isExportDeclaration(node)) return node.isTypeOnly || areTypes(node.exportClause);
	const { importClause: clause } = node;
	if (clause === undefined) return false;
	if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
	return clause.name === undefined && areTypes(clause.namedBindings);
}

function areTypes(names: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
	if (names === undefined || !('elements' in names)) return false;
	return [...names.elements].every(({ isTypeOnly }) => isTypeOnly);
}

/** Comments may speak of what the code must not do. */
export function withoutComments({ path, text }: Source): string {
	if (!path.endsWith('.svelte')) return printed(text);
	return scriptsOf(text).map(printed).join('\n') + markupOf(text);
}

/** The texts in quotes, and the markup of a component. */
export function literalsOf({ path, text }: Source): string[] {
	if (!path.endsWith('.svelte')) return stringsOf(text);
	return [...scriptsOf(text).flatMap(stringsOf), markupOf(text)];
}

function stringsOf(script: string): string[] {
	const literals: string[] = [];
	const visit = (node: ts.Node) => {
		if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) literals.push(node.text);
		ts.forEachChild(node, visit);
	};
	visit(parsed(script));
	return literals;
}

function printed(script: string): string {
	return ts.createPrinter({ removeComments: true }).printFile(parsed(script));
}

function parsed(script: string): ts.SourceFile {
	return ts.createSourceFile('script.ts', script, ts.ScriptTarget.Latest, true);
}

function scriptsOf(component: string): string[] {
	return [...component.matchAll(SCRIPT)].map(([, script = '']) => script);
}

function markupOf(component: string): string {
	return component.replace(SCRIPT, '').replace(MARKUP_COMMENT, '');
}
