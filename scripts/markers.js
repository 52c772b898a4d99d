/** Documents hold generated tables between two comments, so that a run can write them anew. */

/**
 * @param {string} document
 * @param {string} name
 * @param {string} text
 * @throws {Error} if the document has no such markers.
 */
export function writeBetweenMarkers(document, name, text) {
	const [from, to] = placeOf(document, name);
	return `${document.slice(0, from)}\n\n${text}\n\n${document.slice(to)}`;
}

/**
 * @param {string} document
 * @param {string} name
 * @throws {Error} if the document has no such markers.
 */
export function readBetweenMarkers(document, name) {
	return document.slice(...placeOf(document, name));
}

/**
 * @param {string} document
 * @param {string} name
 * @returns {[from: number, to: number]}
 */
function placeOf(document, name) {
	const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
	const [from, to] = [document.indexOf(begin), document.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`the document has no place for ${name}`);
	return [from + begin.length, to];
}
