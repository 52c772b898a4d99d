/** The shapes of an icon: the element of each, and its attributes. */
export type IconNode = readonly (readonly [
	tag: string,
	attributes: Readonly<Record<string, string>>
])[];
