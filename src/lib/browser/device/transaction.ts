/** Transactions on the one store of this device's database. */
import { FaultError } from '#lib/browser/fault.ts';

/**
 * One transaction: `change` gets the values of `names` and returns what to write; `undefined`
 * removes. It must not wait for anything. What it throws rolls everything back.
 */
export type Transact = <Name extends string>(
	names: readonly Name[],
	change: (values: Readonly<Record<Name, unknown>>) => Readonly<Record<string, unknown>>
) => Promise<Readonly<Record<Name, unknown>>>;

const DATABASE = 'keyhold';
const STORE = 'pins';
const VERSION = 1;

/**
 * By IndexedDB, flushed to the disk before it resolves.
 *
 * @throws {FaultError} `storage` where the browser keeps nothing, or has no room
 */
export const transact: Transact = async (names, change) => {
	const database = await openDatabase();
	try {
		return await runTransaction(database, names, change);
	} finally {
		database.close();
	}
};

function openDatabase(): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const failed = () => {
			reject(new FaultError({ code: 'storage' }));
		};
		try {
			const request = indexedDB.open(DATABASE, VERSION);
			request.onupgradeneeded = () => request.result.createObjectStore(STORE);
			request.onsuccess = () => {
				resolve(request.result);
			};
			request.onerror = failed;
			request.onblocked = failed;
		} catch {
			failed();
		}
	});
}

function runTransaction<Name extends string>(
	database: IDBDatabase,
	names: readonly Name[],
	change: (values: Readonly<Record<Name, unknown>>) => Readonly<Record<string, unknown>>
): Promise<Readonly<Record<Name, unknown>>> {
	return new Promise((resolve, reject) => {
		const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
		const store = transaction.objectStore(STORE);
		const values: Partial<Record<Name, unknown>> = {};
		let refused: Error | undefined;
		const write = () => {
			let changed: Readonly<Record<string, unknown>>;
			try {
				changed = change(values as Record<Name, unknown>);
			} catch (error) {
				refused = error instanceof Error ? error : new FaultError({ code: 'unexpected' });
				transaction.abort();
				return;
			}
			try {
				for (const [name, value] of Object.entries(changed)) {
					if (value === undefined) store.delete(name);
					else store.put(value, name);
				}
			} catch {
				transaction.abort();
			}
		};
		transaction.oncomplete = () => {
			resolve(values as Record<Name, unknown>);
		};
		transaction.onabort = () => {
			reject(refused ?? new FaultError({ code: 'storage' }));
		};
		let waiting = names.length;
		if (waiting === 0) write();
		for (const name of names) {
			const request: IDBRequest<unknown> = store.get(name);
			request.onsuccess = () => {
				values[name] = request.result;
				if (--waiting === 0) write();
			};
		}
	});
}
