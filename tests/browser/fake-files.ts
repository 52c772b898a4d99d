/** The part of the worker with the keys that is about files: it does what it is told to answer. */
import type { PlainFile, PlainWish } from '#lib/browser/export-host.ts';
import type { Host } from '#lib/browser/host.ts';
import type { ImportAnswer, ImportPreview, ImportResult } from '#lib/browser/import-host.ts';
import type { ImportWish } from '#lib/browser/import-plan.ts';
import type { ReadChoice } from '#lib/import/read-file.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { Asked } from './asked.ts';
import { rowOf } from './keys.ts';

export class FakeFiles extends Asked {
	rows: readonly KeyRow[] = [];
	saved: 'saved' | 'conflict' = 'saved';
	restoring = { done: 0, total: 1 };
	divides = false;
	imported: ImportPreview = { format: 'dotenv', rows: [], here: [], refused: [] };
	/** Of the next import: anything but `read` waits for the password `right`. */
	importAnswer: ImportAnswer['outcome'] = 'read';
	importResult: ImportResult = { outcome: 'written', done: 0, commits: 1, unfit: [] };
	readonly wishes: ImportWish[] = [];
	undoLeft = 0;

	async exportPlain(
		{ form, items }: PlainWish,
		onStep: Parameters<Host['exportPlain']>[1]
	): Promise<PlainFile> {
		onStep({ step: 'reading', done: 0, total: items.length });
		await this.ask(`exportPlain ${form} ${items.join()}`);
		const lacking = { spoiled: [], unsayable: [], repeated: [] };
		return { file: new Uint8Array([1, 2]), keys: items.length, ...lacking };
	}
	async makeBackup(_to: unknown, onStep: Parameters<Host['makeBackup']>[1]) {
		onStep({ step: 'reading', done: 0, total: this.rows.length });
		await this.ask('makeBackup');
		return { file: new Uint8Array([1, 2, 3]), keys: this.rows.length, spoiled: [] };
	}
	async openBackup(_file: Uint8Array, passphrase: string) {
		await this.ask('openBackup');
		if (passphrase !== 'right') return { outcome: 'wrong-passphrase' } as const;
		const row = { vault: 'Personal', overview: rowOf('new').overview, kind: 'new' } as const;
		const counts = { new: 1, beside: 0, same: 0 };
		return {
			outcome: 'opened',
			preview: {
				madeAt: 1,
				rows: [row],
				counts,
				targets: [{ name: row.vault, keys: 1, missing: false }],
				commits: 1
			}
		} as const;
	}
	async restoreBackup(onStep: Parameters<Host['restoreBackup']>[0]) {
		onStep({ step: 'restoring', ...this.restoring });
		await this.ask('restoreBackup');
		if (this.saved === 'conflict') return { outcome: 'conflict' } as const;
		if (this.divides) {
			const counts = { new: 1, beside: 0, same: 0 };
			return {
				outcome: 'divided',
				preview: { madeAt: 1, rows: [], counts, targets: [], commits: 2 }
			} as const;
		}
		this.rows = [...this.rows, rowOf('new')];
		return { outcome: 'restored' } as const;
	}
	async stopBackup(): Promise<void> {
		await this.ask('stopBackup');
	}
	async readImport(_file: Uint8Array, choice: ReadChoice, vault: string): Promise<ImportAnswer> {
		await this.ask(`readImport ${choice.format ?? 'any'} ${vault}`);
		if (this.importAnswer === 'read' || choice.password === 'right') {
			return { outcome: 'read', preview: this.imported };
		}
		return { outcome: choice.password === undefined ? 'needs-password' : 'wrong-password' };
	}
	async planImport(vault: string) {
		await this.ask(`planImport ${vault}`);
		return this.imported;
	}
	async writeImport(wish: ImportWish, onStep: Parameters<Host['writeImport']>[1]) {
		this.wishes.push(wish);
		onStep({ step: 'sealing', done: 1, total: 2 });
		await this.ask('writeImport');
		return this.importResult;
	}
	async undoImport() {
		await this.ask('undoImport');
		return {
			outcome: this.saved === 'saved' ? 'undone' : 'conflict',
			left: this.undoLeft
		} as const;
	}
	async stopImport(forget: boolean): Promise<void> {
		await this.ask(`stopImport${forget ? ' for good' : ''}`);
	}
}
