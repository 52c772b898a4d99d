import { afterEach, describe, expect, test, vi } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { prepareAccount } from '#lib/keyholder/registration.ts';
import { EMAIL, errorOf, PASSWORD } from '../../../tests/hostile/harness.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

afterEach(() => {
	vi.restoreAllMocks();
});

type Drawn = ReturnType<typeof randomBytes>;

/** Prepares an account where the draw of number `failing` fails, and keeps all that was drawn. */
function prepare(failing = Infinity) {
	const drawn: Drawn[] = [];
	const random = (length: number): Drawn => {
		if (drawn.length === failing) throw new RangeError('no randomness');
		const bytes = randomBytes(length);
		drawn.push(bytes);
		return bytes;
	};
	const { link, life, sent } = scriptedLink([], { random });
	const memory = new SecretMemory();
	const preparing = () => prepareAccount(link, EMAIL, PASSWORD);
	return { preparing, drawn, memory, life, sent };
}

/** What is left of the account key and of the kit. */
function secretsIn(drawn: readonly Drawn[]): Drawn[] {
	const secrets = [
		drawn.find(({ length }) => length === 32),
		drawn.find(({ length }) => length === 20)
	];
	return secrets
		.flatMap((bytes) => bytes ?? [])
		.filter((bytes) => bytes.some((byte) => byte !== 0));
}

describe('an account that is prepared', () => {
	test('leaves no key in memory but the one that its password opens with', async () => {
		const { preparing, drawn, memory, sent } = prepare();
		const { keys } = await preparing();
		expect(memory.left()).toHaveLength(1);
		expect(drawn.some(({ length }) => length === 32)).toBe(true);
		expect(drawn.some(({ length }) => length === 20)).toBe(true);
		expect(secretsIn(drawn)).toEqual([]);
		keys.kek.fill(0);
		expect(memory.left()).toEqual([]);
		expect(sent).toEqual([]);
	});

	test('is what its pin says', async () => {
		const { preparing } = prepare();
		const { request, pin, typed } = await preparing();
		expect(pin).toMatchObject({ generation: 1, seq: 1 });
		expect(Object.keys(pin.vaults)).toEqual([request.vault.id]);
		expect(typed).toEqual({ emailAsTyped: EMAIL, email: EMAIL });
		expect(request.slots.map(({ kind, revision }) => [kind, revision])).toEqual([
			[1, 1],
			[2, 1]
		]);
	});

	test('leaves nothing in memory and says why, whatever cannot be drawn', async () => {
		const whole = prepare();
		await whole.preparing();
		const draws = whole.drawn.length;
		vi.restoreAllMocks();
		expect(draws).toBeGreaterThan(8);
		for (let failing = 1; failing < draws; failing++) {
			const { preparing, drawn, memory } = prepare(failing);
			expect(await errorOf(preparing)).toMatchObject({ message: 'no randomness' });
			expect([failing, memory.left(), secretsIn(drawn)]).toEqual([failing, [], []]);
			vi.restoreAllMocks();
		}
	});

	test('is none after a lock, and leaves nothing in memory', async () => {
		const { preparing, memory, life } = prepare();
		const refused = errorOf(preparing);
		await Promise.resolve();
		life.end();
		expect(await refused).toMatchObject(refusal('locked'));
		await vi.waitFor(() => {
			expect(memory.left()).toEqual([]);
		});
	});
});
