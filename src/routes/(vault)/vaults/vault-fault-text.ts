/** What a fault means where a whole vault is concerned, and not a key. */
import type { Fault } from '#lib/browser/fault.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { faultText } from '../../fault-text.ts';

export function vaultFaultText(fault: Fault): string {
	if (fault.code === 'gone') return m.vaults_gone();
	const limit = fault.detail?.limit;
	if (fault.code === 'full' && limit !== undefined) return m.vaults_full({ limit: String(limit) });
	return faultText(fault);
}
