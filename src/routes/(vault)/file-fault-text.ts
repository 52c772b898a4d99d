/** One sentence for each fault of what a file is read for; others have theirs in `fault-text.ts`. */
import type { Fault, FileFaultCode } from '#lib/browser/fault.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { faultText } from '../fault-text.ts';

export function fileFaultText(fault: Fault): string {
	return isOfFile(fault.code) ? SENTENCES[fault.code]() : faultText(fault);
}

const SENTENCES: Record<FileFaultCode, () => string> = {
	'backup-format': m.fault_backup_format,
	'backup-newer': m.fault_backup_newer,
	'not-age': m.fault_age_format,
	damaged: m.fault_age_format,
	'too-much-work': m.fault_age_work,
	'age-recipient': m.fault_age_recipient,
	'age-identity': m.fault_age_identity,
	'file-too-large': m.fault_age_large,
	'import-too-large': m.fault_import_large,
	'import-encoding': m.fault_import_encoding,
	'import-format': m.fault_import_format,
	'import-account-bound': m.fault_import_account,
	'import-costs': m.fault_import_costs,
	'import-memory': m.fault_memory
};

function isOfFile(code: Fault['code']): code is FileFaultCode {
	return code in SENTENCES;
}
