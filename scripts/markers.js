/** Documents hold generated tables between two comments, so that a run can write them anew. */

/**
 * @param {string} document
 * @param {string} name
 * @param {string} text
 * @throws {Error} if the document has no such markers.
 */
export function writeBetweenMarkers(document, name, text) {
	const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
	const [from, to] = [document.indexOf(begin), document.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`the document has no place for ${name}`);
	return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}
