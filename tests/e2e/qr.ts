/** Reads a QR code from the squares of its drawing, as a camera's program would (ISO/IEC 18004). */

type Bit = 0 | 1;
type Point = readonly [x: number, y: number];

/** Of level M, for the versions 1 to 9: blocks, and correcting codewords in each. */
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5];
const CORRECTING = [10, 16, 26, 18, 24, 16, 18, 22, 22];
const LEVEL_M = 0;
const BYTES = 4;
const FORMAT_MASK = 0x5412;

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
	(x, y) => (x + y) % 2 === 0,
	(_, y) => y % 2 === 0,
	(x) => x % 3 === 0,
	(x, y) => (x + y) % 3 === 0,
	(x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
	(x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
	(x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
	(x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0
];

/** @param path of squares with a side of 1, each begun by its upper left corner. */
export function textOfQr(path: string): string {
	const corners = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]): Point => [
		Number(x),
		Number(y)
	]);
	const xs = corners.map(([x]) => x);
	const [quiet, last] = [Math.min(...xs), Math.max(...xs)];
	const dark = new Set(corners.map(([x, y]) => `${x - quiet},${y - quiet}`));
	const at = (x: number, y: number): Bit => (dark.has(`${x},${y}`) ? 1 : 0);
	const size = last - quiet + 1;
	const format = numberOf(formatPlaces().map(([x, y]) => at(x, y))) ^ FORMAT_MASK;
	const mask = MASKS[(format >> 10) & 7];
	if (format >> 13 !== LEVEL_M || mask === undefined) throw new Error('another level than M');
	const bits = dataPlaces(size).map(([x, y]): Bit => (mask(x, y) ? flip(at(x, y)) : at(x, y)));
	const codewords = Array.from({ length: Math.floor(bits.length / 8) }, (_, index) =>
		numberOf(bits.slice(index * 8, index * 8 + 8))
	);
	return textOf(inOrder(codewords, versionOf(size)));
}

function flip(bit: Bit): Bit {
	return bit === 1 ? 0 : 1;
}

function numberOf(bits: readonly Bit[]): number {
	return bits.reduce((sum: number, bit) => sum * 2 + bit, 0);
}

function versionOf(size: number): number {
	return (size - 17) / 4;
}

/** Around the upper left finder, the highest bit first. */
function formatPlaces(): Point[] {
	const across = [0, 1, 2, 3, 4, 5, 7, 8].map((x): Point => [x, 8]);
	return [...across, ...[7, 5, 4, 3, 2, 1, 0].map((y): Point => [8, y])];
}

/** Up and down in columns of two, from the right. */
function dataPlaces(size: number): Point[] {
	const places: Point[] = [];
	for (let right = size - 1; right >= 1; right -= 2) {
		if (right === 6) right = 5;
		const upwards = ((right + 1) & 2) === 0;
		for (let step = 0; step < size; step++) {
			const y = upwards ? size - 1 - step : step;
			for (const x of [right, right - 1]) if (!isPattern(x, y, size)) places.push([x, y]);
		}
	}
	return places;
}

/** Finders with what is written around them, lines of alternating squares, alignment, version. */
function isPattern(x: number, y: number, size: number): boolean {
	const far = size - 8;
	if ((x < 9 && y < 9) || (x >= far && y < 9) || (x < 9 && y >= far)) return true;
	if (x === 6 || y === 6) return true;
	const version = versionOf(size);
	if (version >= 7 && ((x >= size - 11 && y < 6) || (y >= size - 11 && x < 6))) return true;
	const centres = centresOf(version, size);
	return centres.some((cx) =>
		centres.some((cy) => {
			const atFinder = (cx === 6 && cy === 6) || (cx === 6 && cy > far) || (cx > far && cy === 6);
			return !atFinder && Math.abs(x - cx) <= 2 && Math.abs(y - cy) <= 2;
		})
	);
}

function centresOf(version: number, size: number): number[] {
	if (version === 1) return [];
	return version < 7 ? [6, size - 7] : [6, (size - 1) / 2, size - 7];
}

/** The data of each block after the other, without what corrects it. */
function inOrder(codewords: readonly number[], version: number): number[] {
	const [count = 0, correcting = 0] = [BLOCKS[version - 1], CORRECTING[version - 1]];
	if (count === 0) throw new Error(`version ${version}`);
	const short = Math.floor(codewords.length / count) - correcting;
	const firstLong = count - (codewords.length % count);
	const blocks = Array.from({ length: count }, (): number[] => []);
	let next = 0;
	for (let row = 0; row <= short; row++) {
		for (const [index, block] of blocks.entries()) {
			if (row < short || index >= firstLong) block.push(codewords[next++] ?? 0);
		}
	}
	return blocks.flat();
}

/** One segment of bytes. */
function textOf(data: readonly number[]): string {
	const digits = data.map((byte) => byte.toString(16).padStart(2, '0')).join('');
	if (parseInt(digits[0] ?? '', 16) !== BYTES) throw new Error('no bytes');
	const length = parseInt(digits.slice(1, 3), 16);
	return Buffer.from(digits.slice(3, 3 + length * 2), 'hex').toString();
}
