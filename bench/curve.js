/** A curve as SVG: both axes logarithmic, readable on light and on dark. */

/** @typedef {import('./figures.ts').Curve} Curve */

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 96;
const RIGHT = 24;
const TOP = 48;
const BOTTOM = 96;
const LEGEND_LINE = 20;
/** Told apart by their shapes as well. */
const DASHES = ['none', '8 4', '2 4'];
const STYLE = `
		text { font: 13px system-ui, sans-serif; fill: #1f2328; }
		.title { font-weight: 600; font-size: 15px; }
		.axis { stroke: #d0d7de; stroke-width: 1; }
		.good { stroke: #6e7781; stroke-width: 1; stroke-dasharray: 4 4; }
		.line { fill: none; stroke-width: 2.5; }
		.c0 { stroke: #0550ae; } .c1 { stroke: #9a3412; } .c2 { stroke: #1a7f37; }
		circle.c0 { fill: #0550ae; } circle.c1 { fill: #9a3412; } circle.c2 { fill: #1a7f37; }
		@media (prefers-color-scheme: dark) {
			text { fill: #e6edf3; }
			.axis { stroke: #3d444d; }
			.good { stroke: #9198a1; }
			.c0 { stroke: #79c0ff; } .c1 { stroke: #ffa657; } .c2 { stroke: #7ee787; }
			circle.c0 { fill: #79c0ff; } circle.c1 { fill: #ffa657; } circle.c2 { fill: #7ee787; }
		}
	`;

/** @param {Curve} curve */
export function svgOf({ title, x, good, series }) {
	const points = series.flatMap((one) => one.points);
	const xs = [...new Set(points.map(([value]) => value))].sort((a, b) => a - b);
	const { low, high } = decades([good, ...points.map(([, ms]) => ms)]);
	const across = scale(Math.min(...xs), Math.max(...xs), LEFT, WIDTH - RIGHT);
	const up = scale(low, high, HEIGHT - BOTTOM, TOP);
	const parts = [
		`<text class="title" x="${LEFT}" y="24">${title}</text>`,
		...powers(low, high).map((ms) => level(up(ms), `${label(ms)} ms`, 'axis')),
		level(up(good), '', 'good'),
		`<text x="${LEFT + 4}" y="${up(good) - 6}">good up to ${good} ms</text>`,
		...xs.map(
			(value) =>
				`<text x="${across(value)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${label(value)}</text>`
		),
		`<text x="${WIDTH - RIGHT}" y="${HEIGHT - BOTTOM + 38}" text-anchor="end">${x}</text>`,
		...series.flatMap((one, index) => lineOf(one, index, across, up))
	];
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
		`\t<style>${STYLE}</style>`,
		...parts.map((part) => `\t${part}`),
		'</svg>',
		''
	].join('\n');
}

/**
 * @param {Curve['series'][number]} one
 * @param {number} index
 * @param {(value: number) => number} across
 * @param {(value: number) => number} up
 */
function lineOf({ name, points }, index, across, up) {
	const places = points.map(([value, ms]) => [across(value).toFixed(1), up(ms).toFixed(1)]);
	const dash = `stroke-dasharray="${DASHES[index] ?? 'none'}"`;
	const y = HEIGHT - BOTTOM + 38 + index * LEGEND_LINE;
	return [
		`<polyline class="line c${index}" ${dash} points="${places.map((place) => place.join(',')).join(' ')}"/>`,
		...places.map(([cx, cy]) => `<circle class="c${index}" cx="${cx}" cy="${cy}" r="3.5"/>`),
		`<line class="line c${index}" ${dash} x1="${LEFT}" x2="${LEFT + 32}" y1="${y - 4}" y2="${y - 4}"/>`,
		`<text x="${LEFT + 40}" y="${y}">${name}</text>`
	];
}

/**
 * @param {number} y
 * @param {string} text
 * @param {string} kind
 */
function level(y, text, kind) {
	const line = `<line class="${kind}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>`;
	return `${line}<text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${text}</text>`;
}

/**
 * The powers of ten around all values.
 *
 * @param {readonly number[]} values
 */
function decades(values) {
	const low = 10 ** Math.floor(Math.log10(Math.max(0.1, Math.min(...values))));
	return { low, high: Math.max(low * 10, 10 ** Math.ceil(Math.log10(Math.max(...values)))) };
}

/**
 * @param {number} low
 * @param {number} high
 */
function powers(low, high) {
	const all = [];
	for (let value = low; value <= high * 1.001; value *= 10) all.push(value);
	return all;
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} from
 * @param {number} to
 * @returns {(value: number) => number}
 */
function scale(low, high, from, to) {
	const span = Math.log(high / low) || 1;
	return (value) => Math.round((from + (Math.log(value / low) / span) * (to - from)) * 10) / 10;
}

/** @param {number} value */
function label(value) {
	return value < 1 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}
