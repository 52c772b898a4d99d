/**
 * `keyholder ORIGIN EMAIL COMMAND NUMBER`: the product's keyholder as a program that is started for one
 * thing, on a device that does not know the account: `list` prints the names, `add` adds a key, `read`
 * prints the value of one.
 */
import { Device } from '../device.ts';
import { keyEdit } from '../keys.ts';

const [origin = '', email = '', command = '', number = '0'] = process.argv.slice(2);
const device = new Device(origin, email);
await device.unlock();
const { id, keys } = device.vault;

if (command === 'list') {
	process.stdout.write(keys.map(({ overview }) => overview.name).join('\n') + '\n');
} else if (command === 'add') {
	const { outcome } = await device.keyholder.save([keyEdit(id, Number(number))]);
	if (outcome !== 'saved') throw new Error(outcome);
} else {
	const row = keys.find(({ overview }) => overview.name === `Service ${number} main`);
	if (row === undefined) throw new Error('no such key');
	const { secret } = await device.keyholder.read({ vault: id, item: row.item }, 'copy');
	process.stdout.write(`${secret.fields[0]?.value ?? ''}\n`);
}
