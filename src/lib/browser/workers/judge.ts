/** The worker that judges passwords, as the strength meter asks it. */
import { wrap } from 'comlink';
import type { Judge } from '#lib/browser/strength.ts';
import { startWorker } from '#lib/browser/workers/start.ts';
import type { StrengthCalls } from '#lib/browser/workers/guessing.ts';

export function startJudge(): Judge {
	const worker = startWorker('strength');
	const calls = wrap<StrengthCalls>(worker);
	return {
		guessesLog10: async (password, known) => await calls.guessesLog10(password, known),
		end() {
			worker.terminate();
		}
	};
}
