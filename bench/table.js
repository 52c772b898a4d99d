/** The table of a part, as it stands in docs/performance.md. */

/**
 * @typedef {import('./figures.ts').Figure} Figure
 *
 * @typedef {object} Place
 * @property {string} node
 * @property {string} browser
 * @property {string} cores
 * @property {number} load
 * @property {string} day
 * @property {readonly string[]} versions Of what it was measured beside.
 * @property {string} outcome `ended`, or what happened instead.
 */

const HEAD = [
	'| what | n | median | minimum | beside it | median | minimum | ratio | goal |',
	'| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | --- |'
];

/**
 * @param {readonly Figure[]} figures
 * @param {Place} place
 */
export function tableOf(figures, { node, browser, cores, load, day, versions, outcome }) {
	const where = [
		day,
		`Node ${node}`,
		browser,
		...versions,
		cores,
		`load before it ${load.toFixed(1)}`
	];
	const cut = outcome === 'ended' ? '' : ` The run was not whole: ${outcome}.`;
	const head = `${where.join(', ')}.${cut}`;
	return [head, '', ...HEAD, ...figures.map(row)].join('\n');
}

/** @param {Figure} figure */
function row({ what, unit, n, median, minimum, beside, goal }) {
	const other =
		beside === undefined
			? ['', '', '', '']
			: [
					beside.what,
					`${shown(beside.median)} ${unit}`,
					shown(beside.minimum),
					`${shown(beside.ratio)} x`
				];
	const cells = [
		what,
		n.toLocaleString('en'),
		`${shown(median)} ${unit}`,
		shown(minimum),
		...other,
		goalText(goal, beside?.ratio ?? median)
	];
	return `| ${cells.join(' | ')} |`;
}

/**
 * @param {Figure['goal']} goal
 * @param {number} reached
 */
function goalText(goal, reached) {
	if (goal === undefined) return '';
	const [sign, limit, isMet] =
		'atMost' in goal
			? ['<=', goal.atMost, reached <= goal.atMost]
			: ['>=', goal.atLeast, reached >= goal.atLeast];
	return `${sign} ${limit.toLocaleString('en')}${isMet ? '' : ', **missed**'}`;
}

/** @param {number} figure */
function shown(figure) {
	if (!Number.isFinite(figure)) return '?';
	return figure < 10 ? figure.toFixed(2) : Math.round(figure).toLocaleString('en');
}
