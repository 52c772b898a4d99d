/**
 * Replies as JSON, in pieces: a vault of 20,000 keys can be 100 MB of text, which must neither
 * stand in memory at once nor keep everyone else waiting while it is written.
 *
 * Objects and arrays are walked by their schema, so nothing leaves that the schema does not name;
 * what they hold is encoded by zod.
 */
import { z } from '#lib/api/zod.ts';
import { ServerError } from '#lib/server/errors.ts';
import { nextTurn } from '#lib/server/turns.ts';

/** Characters that are sent at a time. */
const PIECE = 256 * 1024;
/** How long the largest answer may take: 128 MiB with 3.6 megabits a second. */
const SENT_WITHIN_MS = 300_000;

/** How a reply goes out. */
interface Sending {
	readonly status: number;
	readonly headers: Headers;
	/** Called once, when nothing of the reply is held any more: it was sent, left or cut off. */
	readonly done: () => void;
	/** Ends the connection of someone who does not take the answer. */
	readonly cut: () => void;
	/** Called once if the rest cannot be written, when the beginning was sent. */
	readonly failed: (error: unknown) => void;
}

/** A response with `reply` as its body: whole if it is small, in pieces if it is not. */
export function jsonResponse(schema: z.ZodMiniType, reply: unknown, sending: Sending): Response {
	const { status, headers } = sending;
	headers.set('content-type', 'application/json');
	const pieces = inPieces(jsonTexts(schema, reply));
	const first = pieces.next();
	const second = first.done === true ? first : pieces.next();
	if (second.done === true) {
		sending.done();
		return new Response(first.value ?? '', { status, headers });
	}
	const body = stream([first.value ?? '', second.value], pieces, sending);
	return new Response(body, { status, headers });
}

/** The texts that make up the JSON of `value`, in order. */
function* jsonTexts(schema: z.ZodMiniType, value: unknown): Generator<string, void> {
	if (schema instanceof z.ZodMiniArray && Array.isArray(value)) {
		yield* arrayTexts(schema, value);
	} else if (schema instanceof z.ZodMiniDiscriminatedUnion && isRecord(value)) {
		yield* jsonTexts(optionOf(schema, value), value);
	} else if (schema instanceof z.ZodMiniOptional) {
		yield* jsonTexts(schema.def.innerType as z.ZodMiniType, value);
	} else if (schema instanceof z.ZodMiniObject && isRecord(value)) {
		yield* objectTexts(schema, value);
	} else {
		yield JSON.stringify(z.encode(schema, value));
	}
}

function* arrayTexts(schema: z.ZodMiniArray, values: readonly unknown[]): Generator<string, void> {
	yield '[';
	for (const [index, value] of values.entries()) {
		if (index > 0) yield ',';
		yield* jsonTexts(schema.def.element as z.ZodMiniType, value);
	}
	yield ']';
}

function* objectTexts(
	schema: z.ZodMiniObject,
	value: Readonly<Record<string, unknown>>
): Generator<string, void> {
	const { shape } = schema.def;
	if (Object.keys(value).some((name) => !Object.hasOwn(shape, name))) {
		throw new ServerError('failed', 'a reply has a member that its schema does not name');
	}
	let separator = '{';
	for (const [name, member] of Object.entries(shape)) {
		// Read once: it may be made at that moment.
		const held = value[name];
		if (held === undefined && member instanceof z.ZodMiniOptional) continue;
		yield `${separator}${JSON.stringify(name)}:`;
		yield* jsonTexts(member as z.ZodMiniType, held);
		separator = ',';
	}
	yield separator === '{' ? '{}' : '}';
}

function optionOf(
	schema: z.ZodMiniDiscriminatedUnion,
	value: Readonly<Record<string, unknown>>
): z.ZodMiniType {
	const { discriminator } = schema._zod.def;
	for (const option of schema.def.options) {
		if (!(option instanceof z.ZodMiniObject)) continue;
		const tag = option.def.shape[discriminator];
		if (tag !== undefined && z.safeParse(tag, value[discriminator]).success) return option;
	}
	throw new ServerError('failed', 'a reply is none of its options');
}

function* inPieces(texts: Iterable<string>): Generator<string, undefined> {
	let piece: string[] = [];
	let length = 0;
	for (const text of texts) {
		piece.push(text);
		length += text.length;
		if (length < PIECE) continue;
		yield piece.join('');
		piece = [];
		length = 0;
	}
	if (length > 0) yield piece.join('');
	return undefined;
}

function stream(
	begun: string[],
	rest: Generator<string, undefined>,
	{ done, cut, failed }: Sending
): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	// Let go of at the end: whoever holds the stream must not hold the reply with it.
	let pieces: Generator<string, undefined> | undefined = rest;
	const end = () => {
		clearTimeout(timer);
		if (pieces !== undefined) done();
		pieces = undefined;
	};
	let timer: NodeJS.Timeout | undefined;
	return new ReadableStream({
		start(controller) {
			timer = setTimeout(() => {
				end();
				controller.error(new ServerError('busy', 'an answer was not taken in time'));
				cut();
			}, SENT_WITHIN_MS).unref();
		},
		async pull(controller) {
			await nextTurn();
			if (pieces === undefined) return;
			const piece = begun.shift() ?? next(pieces, end, failed);
			if (piece !== undefined) {
				controller.enqueue(encoder.encode(piece));
				return;
			}
			end();
			controller.close();
		},
		cancel: end
	});
}

/** The next piece. One that cannot be written ends the answer. */
function next(
	pieces: Generator<string, undefined>,
	end: () => void,
	failed: Sending['failed']
): string | undefined {
	try {
		return pieces.next().value;
	} catch (error) {
		end();
		failed(error);
		throw error;
	}
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}
