import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expose } from 'comlink';
import { describe, expect, test } from 'vitest';
import { ErrandRunner } from '#lib/browser/workers/errand-runner.ts';

/** Takes away whatever nobody holds, until what waits for that has run as well. */
async function collectGarbage(): Promise<void> {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	for (let turn = 0; turn < 10; turn++) {
		collect();
		await new Promise((next) => setTimeout(next, 10));
	}
}

interface Calls {
	derive(): Promise<{ value: string }>;
}

/** A worker that answers when it is told to. */
function slowWorker() {
	const { port1, port2 } = new MessageChannel();
	let go: () => void = () => undefined;
	let asked: () => void = () => undefined;
	const wasAsked = new Promise<void>((done) => (asked = done));
	const calls: Calls = {
		derive: () => {
			asked();
			return new Promise((answer) => {
				go = () => {
					answer({ value: 'a key' });
				};
			});
		}
	};
	expose(calls, port1);
	return {
		wasAsked,
		answer: () => {
			go();
		},
		end: () => {
			port1.close();
		},
		port: port2
	};
}

describe('an errand', () => {
	test('is answered, however long it takes and whatever is cleared away meanwhile', async () => {
		const worker = slowWorker();
		const runner = new ErrandRunner({ start: () => worker.port, end: () => undefined });
		const running = runner.run<Calls, string>('argon2', (calls) => calls.derive());
		await worker.wasAsked;
		await collectGarbage();
		worker.answer();
		const late = new Promise((never) => setTimeout(never, 5_000, 'no answer'));
		expect(await Promise.race([running, late])).toBe('a key');
		worker.end();
	});

	test('may be one question, and its answer', async () => {
		const { port1, port2 } = new MessageChannel();
		const ended: string[] = [];
		port1.addEventListener('message', ({ data }: MessageEvent<string>) => {
			port1.postMessage({ value: `${data}, answered` });
		});
		port1.start();
		const runner = new ErrandRunner({ start: () => port2, end: (name) => void ended.push(name) });
		expect(await runner.ask<string>('argon2', 'a question')).toBe('a question, answered');
		expect(ended).toEqual(['argon2']);
	});

	test('that is one question is given up when its worker is lost', async () => {
		const { port1, port2 } = new MessageChannel();
		const runner = new ErrandRunner({ start: () => port2, end: () => undefined });
		const asked = new Promise((done) => {
			port1.addEventListener('message', done, { once: true });
		});
		port1.start();
		const answer = runner.ask<string>('argon2', 'a question');
		await asked;
		runner.lose('argon2', { code: 'memory' });
		await expect(answer).rejects.toMatchObject({ fault: { code: 'memory' } });
	});

	/** One errand is under way, then another of its name begins. */
	async function two() {
		const [first, second] = [slowWorker(), slowWorker()];
		const workers = [first, second];
		const ended: string[] = [];
		const runner = new ErrandRunner({
			start: () => workers.shift()?.port ?? expect.fail('a third worker'),
			end: (name) => {
				ended.push(name);
			}
		});
		const ask = () => runner.run<Calls, string>('import', (calls) => calls.derive());
		const older = ask().catch((error: unknown) => error);
		await first.wasAsked;
		const newer = ask();
		await second.wasAsked;
		return { first, second, older, newer, ended, runner };
	}

	test('gives way to the next one of its name, and does not end that one’s worker', async () => {
		const { first, second, older, newer, ended } = await two();
		first.answer();
		expect(await older).toMatchObject({ fault: { code: 'locked' } });
		expect(ended).toEqual([]);
		second.answer();
		expect(await newer).toBe('a key');
		expect(ended).toEqual(['import']);
		first.end();
		second.end();
	});

	test('is told of the loss of its worker, also where it took the place of another', async () => {
		const { first, second, older, newer, runner } = await two();
		await older;
		runner.lose('import', { code: 'memory' });
		await expect(newer).rejects.toMatchObject({ fault: { code: 'memory' } });
		first.end();
		second.end();
	});
});
