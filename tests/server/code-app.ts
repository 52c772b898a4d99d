/** An authenticator app written for tests (RFC 6238), and the second factor of a {@link Person}. */
import { createHmac } from 'node:crypto';
import { SecondFactorOff, SecondFactorOn, SecondFactorSeed } from '#lib/api/second-factor.ts';
import type { z } from '#lib/api/zod.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Host } from './host.ts';
import { parsed, type Person } from './person.ts';

const PATH = '/api/v1/account/second-factor';
const SUDO = { purpose: 2 };
const STEP_MS = 30_000;

export class CodeApp {
	constructor(
		readonly seed: Bytes,
		readonly host: Pick<Host, 'ahead'>
	) {
		// A step has just begun: none ends between two lines of a test.
		host.ahead += STEP_MS - ((Date.now() + host.ahead) % STEP_MS);
	}

	/** The code that the app shows at the host's time, some steps from now. */
	code(steps = 0): string {
		const step = Math.floor((Date.now() + this.host.ahead) / STEP_MS) + steps;
		const counter = Buffer.alloc(8);
		counter.writeBigUInt64BE(BigInt(step));
		const mac = createHmac('sha1', this.seed).update(counter).digest();
		const offset = (mac[19] ?? 0) % 16;
		const [a = 0, b = 0, c = 0, d = 0] = mac.subarray(offset, offset + 4);
		const number = ((a % 128) * 256 ** 3 + b * 256 ** 2 + c * 256 + d) % 1_000_000;
		return number.toString().padStart(6, '0');
	}

	/** One that it shows at no time near this. */
	wrongCode(): string {
		const near = [-3, -2, -1, 0, 1, 2, 3].map((steps) => this.code(steps));
		const found = Array.from({ length: 8 }, (_, n) => String(n).repeat(6));
		return found.find((code) => !near.includes(code)) ?? '';
	}
}

export async function askSeed(person: Person, host: Pick<Host, 'ahead'>): Promise<CodeApp> {
	const path = `${PATH}/seeds`;
	const headers = await person.proofOf(SUDO, 'POST', path);
	const response = await person.post(path, undefined, { headers });
	person.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? person.cookie;
	return new CodeApp((await parsed(SecondFactorSeed, response)).seed, host);
}

export async function turnOn(
	person: Person,
	code: string
): Promise<z.output<typeof SecondFactorOn>> {
	return await parsed(SecondFactorOn, await person.prove(SUDO, PATH, { code }));
}

export async function turnOff(
	person: Person,
	code: string
): Promise<z.output<typeof SecondFactorOff>> {
	return await parsed(SecondFactorOff, await person.prove(SUDO, `${PATH}/removals`, { code }));
}

/** Turns it on. The code that did so was that of the step before this one: this one's is good. */
export async function withSecondFactor(
	person: Person,
	host: Pick<Host, 'ahead'>
): Promise<{ app: CodeApp; backupCodes: readonly string[] }> {
	const app = await askSeed(person, host);
	const reply = await turnOn(person, app.code(-1));
	if (reply.outcome !== 'on') throw new Error('the second factor is not on');
	return { app, backupCodes: reply.backupCodes };
}
