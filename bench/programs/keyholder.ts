/**
 * `keyholder ORIGIN EMAIL COMMAND NUMBER [FILE]`: the product's keyholder as a program that is started
 * for one thing: `list` prints the names, `add` adds a key, `read` prints the value of one. With a file
 * it is a device that has been here before; without one it knows neither the account nor a session.
 */
import { CryptoError } from '#lib/crypto/errors.ts';
import { KDF_PROFILES } from '#lib/crypto/kdf.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { Keyholder } from '#lib/keyholder/keyholder.ts';
import { keyEdit } from '../keys.ts';
import { argon2id } from '../peers/argon2.js';
import { Asking } from './asking.ts';
import { KeptDevice } from './kept-device.ts';

const [origin = '', email = '', command = '', number = '0', file] = process.argv.slice(2);
const { BENCH_PASSWORD: password = '' } = process.env;

const device = new KeptDevice(file);
const asking = new Asking(origin, device.cookie);
const keyholder = new Keyholder({
	origin,
	fetch: asking.ask,
	now: Date.now,
	random: randomBytes,
	pins: device,
	derive
});
const { outcome } = await keyholder.unlock(email, password);
if (outcome !== 'unlocked') throw new Error(outcome);
await device.keepCookie(asking.cookie);
const [vault] = keyholder.view().vaults;
if (vault === undefined) throw new Error('no vault');
const { id, keys } = vault;

if (command === 'list') {
	process.stdout.write(keys.map(({ overview }) => overview.name).join('\n') + '\n');
} else if (command === 'add') {
	const { outcome } = await keyholder.save([keyEdit(id, Number(number))]);
	if (outcome !== 'saved') throw new Error(outcome);
} else {
	const row = keys.find(({ overview }) => overview.name === `Service ${number} main`);
	if (row === undefined) throw new Error('no such key');
	const { secret } = await keyholder.read({ vault: id, item: row.item }, 'copy');
	process.stdout.write(`${secret.fields[0]?.value ?? ''}\n`);
}

async function derive(password: Bytes, salt: Bytes, profile: number): Promise<Bytes> {
	const cost = KDF_PROFILES.get(profile);
	if (cost === undefined) throw new CryptoError('kdf-refused', 'unknown KDF profile');
	return await argon2id(password, salt, cost);
}
