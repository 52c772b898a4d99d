/**
 * The product's own keyholder in a page, against the real server: makes an account of many keys, and
 * opens it again and again. Argon2id is run once and its result kept, because the figures are about
 * what comes after it.
 */
import { argon2id } from '#lib/crypto/kdf.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { hex, type Bytes } from '#lib/encoding/bytes.ts';
import { Keyholder } from '#lib/keyholder/keyholder.ts';
import { MemoryPins } from '../../tests/hostile/memory-pins.ts';
import { addKeys } from '../keys.ts';

export interface Person {
	readonly email: string;
	readonly password: string;
}

/** Milliseconds of one unlocking, and of one `JSON.parse` of the same overviews. */
export interface Opening {
	/** From the last answer to unlocked: everything verified, every sheet opened. */
	readonly verifyAndOpen: number;
	/** From the end of Argon2id to unlocked: proof and answers of the server included. */
	readonly afterKdf: number;
	readonly jsonParse: number;
}

const roots = new Map<string, Bytes>();
let derivedAt = 0;

/** Registers `person` and keeps `count` keys. */
export async function makeAccount(person: Person, count: number): Promise<void> {
	const keyholder = newKeyholder();
	await keyholder.prepare(person.email, person.password);
	await keyholder.register();
	await addKeys(keyholder, count);
	await keyholder.signOut();
}

/** Opens the account `times` times, each beside a `JSON.parse` of the same overviews. */
export async function openAgain(person: Person, times: number): Promise<readonly Opening[]> {
	const openings: Opening[] = [];
	for (let i = 0; i < times; i++) openings.push(await openOnce(person));
	return openings;
}

async function openOnce({ email, password }: Person): Promise<Opening> {
	const keyholder = newKeyholder();
	let answeredAt = 0;
	await keyholder.unlock(email, password, (step) => {
		if (step.step === 3 && step.done === 0) answeredAt = performance.now();
	});
	const unlockedAt = performance.now();
	const overviews = keyholder.view().vaults.flatMap(({ keys }) => keys);
	const text = JSON.stringify(overviews);
	const before = performance.now();
	JSON.parse(text);
	const jsonParse = performance.now() - before;
	await keyholder.signOut();
	return {
		verifyAndOpen: unlockedAt - answeredAt,
		afterKdf: unlockedAt - derivedAt,
		jsonParse
	};
}

function newKeyholder(): Keyholder {
	return new Keyholder({
		origin: location.origin,
		fetch: (url, init) => fetch(url, init),
		now: Date.now,
		random: randomBytes,
		pins: new MemoryPins(),
		derive: async (password, salt, profile) => {
			const known = roots.get(hex(salt)) ?? (await argon2id(password, salt, profile));
			roots.set(hex(salt), known.slice());
			derivedAt = performance.now();
			return known.slice();
		}
	});
}
