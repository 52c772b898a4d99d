import { describe, expect, test } from 'vitest';
import { Importer } from '#lib/browser/workers/importer.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { readFile } from '#lib/import/read-file.ts';
import { losingDevice } from '../../../../tests/browser/losing.ts';
import { NOW, valueOf, World } from '../../../../tests/hostile/harness.ts';

const wish = (...choices: ('skip' | 'add' | 'replace')[]) => ({
	choices,
	project: '',
	environment: ''
});
const nobody = () => undefined;

describe('a try whose answer was lost, after which the person chooses anew', () => {
	/** A device with the key A_KEY, whose network goes when the first commit of an import was stored. */
	async function lostTry(...first: ('skip' | 'add' | 'replace')[]) {
		const world = new World();
		await world.account(['A_KEY']);
		const { device, net } = await losingDevice(world);
		const importer = new Importer(device.keyholder, { read: readFile }, () => NOW);
		const file = utf8('A_KEY=one\nB_KEY=two\nC_KEY=three');
		await importer.read(file, {}, device.vault.id);
		net.cuts = true;
		expect(await importer.write(wish(...first), nobody)).toMatchObject({
			outcome: 'failed',
			fault: { code: 'offline' }
		});
		net.cuts = false;
		net.down = false;
		const rows = () => device.keyholder.view().vaults[0]?.keys ?? [];
		const places = () => rows().map(({ overview: { name, project = '' } }) => [name, project]);
		return { world, device, importer, file, places, net };
	}

	test('adds no key twice, and says of each what was chosen last', async () => {
		const { importer, places } = await lostTry('skip', 'add', 'add');
		const again = { ...wish('skip', 'add', 'add'), project: 'atlas' };
		expect(await importer.write(again, nobody)).toMatchObject({ outcome: 'written', done: 2 });
		expect(places().sort()).toEqual([
			['A_KEY', ''],
			['B_KEY', 'atlas'],
			['C_KEY', 'atlas']
		]);
	});

	test('takes back what is not wanted any more', async () => {
		const { device, importer, places } = await lostTry('replace', 'add', 'add');
		await importer.write(wish('skip', 'skip', 'add'), nobody);
		expect(places().map(([name]) => name)).toEqual(['A_KEY', 'C_KEY']);
		expect(await device.valueOf('A_KEY')).toBe(valueOf('A_KEY'));
	});

	test('replaces a key once, and gives it back as it was', async () => {
		const { device, importer, places } = await lostTry('replace', 'add', 'skip');
		const again = { ...wish('replace', 'add', 'skip'), project: 'atlas' };
		await importer.write(again, nobody);
		expect(places().map(([name]) => name)).toEqual(['A_KEY', 'B_KEY']);
		expect(await device.valueOf('A_KEY')).toBe('one');
		expect(await importer.undo()).toEqual({ outcome: 'undone', left: 0 });
		expect(places().map(([name]) => name)).toEqual(['A_KEY']);
		expect(await device.valueOf('A_KEY')).toBe(valueOf('A_KEY'));
	});

	test('is found although other keys were saved since', async () => {
		const { device, importer, places } = await lostTry('skip', 'add', 'skip');
		await device.add('other');
		await importer.write({ ...wish('skip', 'add', 'skip'), project: 'atlas' }, nobody);
		expect(
			places()
				.map(([name]) => name)
				.sort()
		).toEqual(['A_KEY', 'B_KEY', 'other']);
	});

	test('is found at the third try, if the second did not get through', async () => {
		const { importer, places, net } = await lostTry('skip', 'add', 'skip');
		net.down = true;
		await importer.write({ ...wish('skip', 'add', 'skip'), project: 'atlas' }, nobody);
		net.down = false;
		await importer.write({ ...wish('skip', 'add', 'skip'), project: 'borealis' }, nobody);
		expect(places()).toEqual([
			['A_KEY', ''],
			['B_KEY', 'borealis']
		]);
	});

	test('is seen in the preview when the file is read anew', async () => {
		const { device, importer, file } = await lostTry('skip', 'add', 'skip');
		expect(await importer.read(file, {}, device.vault.id)).toMatchObject({
			preview: { rows: [{}, { known: { kind: 'same-value' } }, {}] }
		});
	});
});
