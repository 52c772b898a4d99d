/**
 * Reads files of other programs, then is ended: a file comes from anywhere, and whatever it makes of
 * memory or time is this worker's alone. It is asked through a port by the worker that holds the
 * keys, so that no value passes through the page.
 */
import { expose } from 'comlink';
import { faultOf, type Fault } from '#lib/browser/fault.ts';
import { answer, type Answer } from '#lib/browser/workers/answer.ts';
import { acceptPort } from '#lib/browser/workers/port.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { ImportError } from '#lib/import/content.ts';
import { readFile, type ReadChoice, type ReadFile } from '#lib/import/read-file.ts';

export class ImportCalls {
	read(file: Bytes, choice: ReadChoice): Promise<Answer<ReadFile>> {
		return answer(() => readFile(file, choice), faultIn);
	}
}

function faultIn(error: unknown): Fault {
	if (error instanceof ImportError) return { code: `import-${error.code}` };
	return faultOf(error);
}

acceptPort((port) => {
	expose(new ImportCalls(), port);
});
