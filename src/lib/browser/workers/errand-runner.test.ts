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

	test('takes the place of the one before, which is given up', async () => {
		const [first, second] = [slowWorker(), slowWorker()];
		const ports = [first.port, second.port];
		const ended: string[] = [];
		const runner = new ErrandRunner({
			start: () => ports.shift() ?? first.port,
			end: (name) => void ended.push(name)
		});
		const before = runner.run<Calls, string>('import', (calls) => calls.derive());
		await first.wasAsked;
		const running = runner.run<Calls, string>('import', (calls) => calls.derive());
		await expect(before).rejects.toMatchObject({ fault: { code: 'locked' } });
		await second.wasAsked;
		// The worker that runs is the second one: nobody else may end it.
		expect(ended).toEqual([]);
		second.answer();
		expect(await running).toBe('a key');
		expect(ended).toEqual(['import']);
		first.end();
		second.end();
	});

	test('is lost together with its worker, though another one was answered meanwhile', async () => {
		const [first, second] = [slowWorker(), slowWorker()];
		const ports = [first.port, second.port];
		const runner = new ErrandRunner({
			start: () => ports.shift() ?? first.port,
			end: () => undefined
		});
		const before = runner.run<Calls, string>('import', (calls) => calls.derive());
		await first.wasAsked;
		const running = runner.run<Calls, string>('import', (calls) => calls.derive());
		first.answer();
		await before.catch(() => undefined);
		await second.wasAsked;
		runner.lose('import', { code: 'memory' });
		const late = new Promise((never) => setTimeout(never, 5_000, 'no answer'));
		await expect(Promise.race([running, late])).rejects.toMatchObject({
			fault: { code: 'memory' }
		});
		first.end();
		second.end();
	});
});
