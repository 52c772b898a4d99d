/**
 * Other people's programs that tests compare the product with. Without one its tests are skipped,
 * and say so; as root on a Debian it is installed first.
 */
import { installPackages, runs } from './debian.js';

const PROGRAMS = [
	{ check: ['age', '--version'], package: 'age' },
	{ check: ['python3', '-c', 'import cryptography'], package: 'python3-cryptography' },
	{ check: ['docker-compose', 'version'], package: 'docker-compose' },
	// Large, and tried where there is time.
	...(process.env['KEYHOLD_LONG'] === '1'
		? [
				{ check: ['caddy', 'version'], package: 'caddy' },
				{ check: ['nginx', '-v'], package: 'nginx-light' }
			]
		: [])
];

const missing = PROGRAMS.filter(({ check: [program = '', ...words] }) => !runs(program, words));
for (const { package: name } of missing) {
	// Beside docker-compose Debian recommends an engine, which is not needed to read a file.
	if (!installPackages([name], 'alone')) {
		process.stdout.write(`Without ${name} here, its tests are skipped.\n`);
	}
}
