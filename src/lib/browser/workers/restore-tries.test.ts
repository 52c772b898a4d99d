import { expect, test } from 'vitest';
import { BackupMaker, type AgePort } from '#lib/browser/workers/backup-maker.ts';
import { writeContent } from '#lib/backup/content.ts';
import { newKey } from '#lib/items/draft.ts';
import { losingDevice } from '../../../../tests/browser/losing.ts';
import { NOW, World } from '../../../../tests/hostile/harness.ts';

const nobody = () => undefined;

/** A plain export is read without it. */
const noAge: AgePort = {
	encrypt: () => Promise.reject(new Error('nothing is sealed here')),
	decrypt: () => Promise.reject(new Error('nothing is sealed here'))
};

/** Each opening wipes its own. */
const FILE = writeContent({
	v: 1,
	madeAt: NOW,
	vaults: [
		{
			name: 'Personal',
			keys: ['A_KEY', 'B_KEY'].map((name) =>
				newKey(
					{ name, fields: [{ name: 'key', value: `${name} of the backup`, hidden: true }] },
					NOW
				)
			)
		}
	]
});

test('a restore whose answer was lost is written once, also if the file is opened again', async () => {
	const world = new World();
	await world.account([]);
	const { device, net } = await losingDevice(world);
	const maker = new BackupMaker(device.keyholder, noAge, () => NOW);
	await maker.open(FILE.slice(), '');
	net.cuts = true;
	await expect(maker.restore(nobody)).rejects.toMatchObject({ code: 'offline' });
	net.cuts = false;
	net.down = false;

	await maker.open(FILE.slice(), '');
	expect(await maker.restore(nobody)).toEqual({ outcome: 'restored' });
	const names = device.keyholder.view().vaults[0]?.keys.map(({ overview }) => overview.name);
	expect(names).toEqual(['A_KEY', 'B_KEY']);
});
