/** The menu of the ways to copy a key; of one with several values it asks which. */
import {
	VALUE_FORMS,
	variablesOf,
	type CopyChoice,
	type ValueForm
} from '#lib/items/copy-forms.ts';
import { copyOrder } from '#lib/items/copy-order.ts';
import type { Overview } from '#lib/items/key.ts';
import * as m from '#lib/i18n/generated/messages.js';
import type { MenuEntry } from '#lib/ui/menu-entry.ts';

/** A form of one value; the value itself has entries of its own. */
export type AskedForm = Exclude<ValueForm, 'value'>;

interface Acts {
	readonly copy: (field: number) => void;
	readonly copyAs: (choice: CopyChoice) => void;
	/** Shows the menu again, with the values to choose from. */
	readonly ask: (form: AskedForm) => void;
}

const FORMS = VALUE_FORMS.filter((form) => form !== 'value');

/** @param asking the form that was chosen, whose value is still to be chosen */
export function copyEntries(
	overview: Overview,
	asking: AskedForm | undefined,
	acts: Acts
): MenuEntry[] {
	const names = variablesOf(overview);
	if (names.length <= 1) return formEntries(names[0] ?? m.copy_as_name(), acts);
	const fields = copyOrder(overview).map((field) => ({
		name: overview.fields[field]?.name ?? '',
		field
	}));
	if (asking !== undefined) {
		return fields.map(({ name, field }) => ({
			id: `which ${field}`,
			label: name,
			act: () => {
				acts.copyAs({ form: asking, field });
			}
		}));
	}
	const values = fields.map(({ name, field }) => ({
		id: `value ${field}`,
		label: m.panel_copy_field({ name }),
		act: () => {
			acts.copy(field);
		}
	}));
	return [...values, ...allEntries(acts), ...askEntries(acts)];
}

/** The form as the menu calls it. */
export function formText(form: ValueForm, name: string): string {
	switch (form) {
		case 'value':
			return m.copy_as_value();
		case 'assignment':
			return m.copy_as_assignment({ name });
		case 'export':
			return m.copy_as_export({ name });
		case 'bearer':
			return m.copy_as_bearer();
		case 'json':
			return m.copy_as_json();
		case 'curl':
			return m.copy_as_curl();
	}
}

function formEntries(name: string, { copyAs }: Acts): MenuEntry[] {
	return VALUE_FORMS.map((form) => ({
		id: form,
		label: formText(form, name),
		act: () => {
			copyAs({ form, field: 0 });
		}
	}));
}

function allEntries({ copyAs }: Acts): MenuEntry[] {
	const all = [
		{ form: 'all-env', label: m.copy_as_all_env(), part: '' },
		{ form: 'all-json', label: m.copy_as_all_json() }
	] as const;
	return all.map(({ form, ...entry }) => ({
		id: form,
		...entry,
		act: () => {
			copyAs({ form });
		}
	}));
}

function askEntries({ ask }: Acts): MenuEntry[] {
	return FORMS.map((form, index) => ({
		id: form,
		label: formText(form, m.copy_as_name()),
		...(index === 0 ? { part: m.copy_as_one() } : {}),
		act: () => {
			ask(form);
		}
	}));
}
