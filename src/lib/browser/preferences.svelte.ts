/**
 * What the person prefers, on every device: kept in the sealed settings and shown with what holds
 * where nothing was chosen. A choice is seen at once and taken back if it cannot be saved.
 */
import { IDLE_MINUTES } from '#lib/browser/lapse.ts';
import { CLIPBOARD_SECONDS } from '#lib/browser/clipboard.svelte.ts';
import { FaultError, faultOf, type Fault } from '#lib/browser/fault.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { currentTheme, setTheme, type Theme } from '#lib/browser/theme.ts';
import { languageOfTag, type Language } from '#lib/i18n/languages.ts';
import type { SavedView, Settings } from '#lib/items/key.ts';

export type Density = 'comfortable' | 'compact';

export interface Preferred {
	/** What the person is called on their own screens; may be empty. */
	readonly name: string;
	readonly theme: Theme;
	/** Undefined where the account has none, or one that this version does not speak. */
	readonly language?: Language;
	readonly density: Density;
	readonly idleMinutes: number;
	readonly onHide: boolean;
	readonly afterSleep: boolean;
	readonly clipboardSeconds: number;
	readonly characterKeys: boolean;
}

/** `conflict`: other devices were faster every time; it may be tried again. */
export type SaveOutcome = 'saved' | 'conflict' | 'failed';

type Choice = Partial<Omit<Settings, 'v' | 'vaults' | 'passkeys'>>;

export class Preferences {
	/** Chosen and not saved yet. */
	#pending = $state.raw<Choice>({});
	#under = $state.raw(0);
	#outcome = $state.raw<SaveOutcome>();
	#fault = $state.raw<Fault>();
	readonly #settings = $derived.by(() => ({ ...this.session.view?.settings, ...this.#pending }));

	constructor(private readonly session: Session) {
		session.onLock(() => {
			this.#pending = {};
			this.#under = 0;
			this.dismiss();
		});
	}

	get now(): Preferred {
		const { name = '', theme, density = 'comfortable', autoLock = {} } = this.#settings;
		const { clipboardSeconds = CLIPBOARD_SECONDS, characterKeys = true } = this.#settings;
		const { idleMinutes = IDLE_MINUTES, onHide = false, afterSleep = true } = autoLock;
		const language = languageOfTag(this.#settings.language);
		return {
			...(language === undefined ? {} : { language }),
			name,
			theme: theme ?? currentTheme(),
			density,
			idleMinutes,
			onHide,
			afterSleep,
			clipboardSeconds,
			characterKeys
		};
	}
	/** A key that is a single character, or Shift with one, where such keys act; else undefined. */
	letter(key: string): string | undefined {
		return this.now.characterKeys ? key : undefined;
	}
	/** Lists that the person has made and named. */
	get views(): readonly SavedView[] {
		return this.#settings.views ?? [];
	}
	get saving(): boolean {
		return this.#under > 0;
	}
	/** How the last save ended; undefined while nothing was chosen, or one is under way. */
	get outcome(): SaveOutcome | undefined {
		return this.#outcome;
	}
	get fault(): Fault | undefined {
		return this.#fault;
	}

	/** Takes over the theme of the account, if it has one: another device may have chosen it. */
	showTheme(): void {
		const { theme } = this.#settings;
		if (theme !== undefined && theme !== currentTheme()) setTheme(theme);
	}

	/** Saves some of it; the rest stays as it is, on this device and on others. */
	async set({
		idleMinutes,
		onHide,
		afterSleep,
		...rest
	}: Partial<Preferred>): Promise<SaveOutcome> {
		const lock = withoutUndefined({ idleMinutes, onHide, afterSleep });
		const autoLock = Object.keys(lock).length === 0 ? {} : { autoLock: lock };
		return await this.#save({ ...rest, ...autoLock });
	}

	async setViews(views: readonly SavedView[]): Promise<SaveOutcome> {
		return await this.#save({ views });
	}

	dismiss(): void {
		this.#outcome = undefined;
		this.#fault = undefined;
	}

	async #save(chosen: Choice): Promise<SaveOutcome> {
		const base = this.session.view?.settings;
		if (base === undefined) return 'failed';
		const merged = { ...this.#settings.autoLock, ...chosen.autoLock };
		const choice = chosen.autoLock === undefined ? chosen : { ...chosen, autoLock: merged };
		this.#pending = { ...this.#pending, ...choice };
		this.#under++;
		this.dismiss();
		if (choice.theme !== undefined) setTheme(choice.theme);
		const outcome = await this.#send({ ...base, ...choice }, base);
		// A lock has put everything back already.
		if (this.#under === 0) return outcome;
		this.#under--;
		if (this.#under === 0) this.#pending = {};
		this.#outcome = outcome;
		if (outcome !== 'saved') this.showTheme();
		return outcome;
	}

	async #send(settings: Settings, base: Settings): Promise<SaveOutcome> {
		try {
			if (this.session.broken) throw new FaultError(this.session.fault ?? { code: 'integrity' });
			const saved = await this.session.call((host) => host.saveSettings(settings, base));
			await this.session.look();
			return saved.outcome;
		} catch (error) {
			this.#fault = faultOf(error);
			return 'failed';
		}
	}
}

function withoutUndefined<Of extends object>(
	members: Of
): {
	[Name in keyof Of]?: Exclude<Of[Name], undefined>;
} {
	const known = Object.entries(members).filter(([, value]) => value !== undefined);
	return Object.fromEntries(known) as { [Name in keyof Of]?: Exclude<Of[Name], undefined> };
}
