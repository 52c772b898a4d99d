import { afterEach, expect, test, vi } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { ImportError } from '#lib/import/content.ts';

const { readFile } = vi.hoisted(() => ({ readFile: vi.fn() }));
vi.mock('#lib/import/read-file.ts', () => ({ readFile }));

afterEach(() => {
	vi.unstubAllGlobals();
});

async function faultOf(error: Error): Promise<unknown> {
	vi.stubGlobal('addEventListener', () => undefined);
	readFile.mockRejectedValueOnce(error);
	const { ImportCalls } = await import('#lib/browser/workers/import.worker.ts');
	return await new ImportCalls().read(utf8(''), {});
}

test('a fault of the program is not told as a lack of memory', async () => {
	expect(await faultOf(new RangeError('Maximum call stack size exceeded'))).toEqual({
		fault: { code: 'unexpected' }
	});
});

test('a file that cannot be read is told by its reason', async () => {
	expect(await faultOf(new ImportError('encoding', 'not text'))).toEqual({
		fault: { code: 'import-encoding' }
	});
});
