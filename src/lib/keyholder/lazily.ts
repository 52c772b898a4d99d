/** Of an object whose every method answers later, so that it may as well be loaded meanwhile. */
export type Answering<T> = {
	readonly [Name in keyof T]: T[Name] extends (...words: never[]) => Promise<unknown>
		? T[Name]
		: never;
};

/**
 * Stands for an object that is loaded when the first of its methods is called: whoever unlocks need
 * not wait for what few will ask for. If it does not load, that call fails, and the next one tries
 * again.
 */
export function lazily<T extends object>(load: () => Promise<T>): Answering<T> {
	let loading: Promise<T> | undefined;
	const loaded = async () => {
		loading ??= load();
		try {
			return await loading;
		} catch (error) {
			loading = undefined;
			throw error;
		}
	};
	return new Proxy({} as Answering<T>, {
		get:
			(_, name) =>
			async (...words: unknown[]) => {
				const target = await loaded();
				const method: unknown = Reflect.get(target, name);
				if (typeof method !== 'function') throw new TypeError(`no method ${String(name)}`);
				return (await Reflect.apply(method, target, words)) as unknown;
			}
	});
}
