import { expect, test } from 'vitest';
import { keysListed } from './keys-listed.ts';
import { actOf, type Act, type Pressed } from './shortcuts.ts';

const ACTS: Record<Act, true> = {
	...{ add: true, back: true, copy: true, 'copy-as': true, down: true, edit: true, go: true },
	...{ help: true, lock: true, mark: true, more: true, page: true, palette: true, region: true },
	...{ reveal: true, search: true, trash: true, undo: true, up: true }
};

const LINES = keysListed().flatMap(({ keys }) => keys);

function press(caps: readonly string[]): (Act | undefined)[] {
	const [first = '', second = ''] = caps;
	const held: Omit<Pressed, 'key'> = {
		...{ ctrlKey: first === 'Ctrl', shiftKey: first === 'Shift' },
		...{ altKey: false, metaKey: false }
	};
	const single = !held.ctrlKey && !held.shiftKey;
	const keys = single ? caps : [held.ctrlKey ? second.toLowerCase() : second];
	return keys.map((key) =>
		actOf(
			{ ...held, key: key === 'Esc' ? 'Escape' : key },
			{ typing: false, place: 'list', characterKeys: true, selection: false }
		)
	);
}

test('every act of the keyboard is in the list of keys', () => {
	const listed = new Set(LINES.flatMap(({ acts = [] }) => acts));
	expect([...listed].sort()).toEqual(Object.keys(ACTS).sort());
});

test.each(LINES.map((line) => [line.caps.join(' '), line] as const))(
	'%s does what the list of keys says',
	(_caps, { caps, acts = [] }) => {
		const done = press(caps).filter((act) => act !== undefined);
		expect(done).toEqual(acts);
	}
);

test('no line of the list says the same as another', () => {
	const texts = LINES.map(({ text }) => text);
	expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});
