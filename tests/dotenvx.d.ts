/** What the tests use of a package that brings no types. */
declare module '@dotenvx/primitives' {
	export function parseSync(
		text: string,
		options: { readonly processEnv: Readonly<Record<string, string>> }
	): { readonly parsed: Readonly<Record<string, string>> };
}
