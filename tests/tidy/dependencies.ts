/**
 * Each dependency is pinned, or a folder of ours, and justified by one sentence in
 * docs/dependencies.md.
 */
import type { Fault, Source } from './sources.ts';

const LINE = /^- `([^`]+)`: (.+)$/;

export function dependencyFaults(sources: readonly Source[]): Fault[] {
	const manifest = sources.find(({ path }) => path === 'package.json')?.text ?? '{}';
	const document = sources.find(({ path }) => path === 'docs/dependencies.md')?.text ?? '';
	const versions = versionsOf(manifest);
	const sentences = document
		.split('\n')
		.map((line) => LINE.exec(line))
		.filter((match) => match !== null);
	const explained = sentences.map(([, name = '']) => name);
	return [
		...[...versions]
			.filter(([, version]) => !/^(\d+\.\d+\.\d+|file:[\w/]+)$/.test(version))
			.map(([name, version]) => fault('package.json', `${name} ${version} is not one version`)),
		...[...versions.keys()]
			.filter((name) => explained.filter((other) => other === name).length !== 1)
			.map((name) => fault('docs/dependencies.md', `${name} needs one line`)),
		...explained
			.filter((name) => !versions.has(name))
			.map((name) => fault('docs/dependencies.md', `${name} is not a dependency`)),
		...sentences
			.filter(([, , reason = '']) => !reason.endsWith('.'))
			.map(([, name = '']) => fault('docs/dependencies.md', `${name} needs a sentence`))
	];
}

function versionsOf(manifest: string): Map<string, string> {
	const parsed = JSON.parse(manifest) as Record<string, Record<string, string> | undefined>;
	return new Map(
		['dependencies', 'devDependencies', 'overrides'].flatMap((group) =>
			Object.entries(parsed[group] ?? {})
		)
	);
}

function fault(path: string, what: string): Fault {
	return { path, what };
}
