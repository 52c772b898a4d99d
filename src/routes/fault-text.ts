/**
 * One sentence for each fault: what happened, then what to do. Nothing of a server's text. Faults of
 * files have theirs in `file-fault-text.ts`, where files are.
 */
import type { Fault, FileFaultCode } from '#lib/browser/fault.ts';
import { numberText, timeText } from '#lib/i18n/dates.ts';
import * as m from '#lib/i18n/generated/messages.js';

/** @param now of this device, in milliseconds since 1970 */
export function faultText(fault: Fault, now = Date.now()): string {
	const { detail = {} } = fault;
	switch (fault.code) {
		case 'limited':
			return m.fault_limited({ time: timeText(now + (detail.retryAfterSeconds ?? 60) * 1_000) });
		case 'failed':
			return detail.number === undefined
				? m.fault_failed()
				: m.fault_failed_number({ number: detail.number });
		case 'rollback':
			return rollbackText(detail.expectedSeq, detail.servedSeq);
		case 'entry-too-large':
			return m.form_entry_large({ is: sizeOf(detail.size), limit: sizeOf(detail.limit) });
		case 'secret-too-large':
			return m.form_secret_large({ is: sizeOf(detail.size), limit: sizeOf(detail.limit) });
		case 'too-many':
			return m.form_too_many({ limit: sizeOf(detail.limit) });
		default:
			return (isPlain(fault.code) ? SENTENCES[fault.code] : m.fault_unexpected)();
	}
}

type Plain = Exclude<
	Fault['code'],
	| FileFaultCode
	| 'limited'
	| 'failed'
	| 'rollback'
	| 'entry-too-large'
	| 'secret-too-large'
	| 'too-many'
>;

const SENTENCES: Record<Plain, () => string> = {
	offline: m.fault_offline,
	busy: m.fault_busy,
	auth: m.fault_auth,
	proof: m.fault_proof,
	locked: m.fault_locked,
	'second-factor': m.fault_second_factor,
	link: m.fault_link,
	taken: m.fault_taken,
	'setup-code': m.fault_setup_code,
	kit: m.fault_kit,
	'rotate-first': m.fault_rotate_first,
	'no-email': m.fault_no_email,
	'kdf-refused': m.fault_kdf,
	clock: m.fault_clock,
	invalid: m.fault_invalid,
	unreadable: m.fault_item_format,
	gone: m.fault_gone,
	full: m.fault_full,
	'too-large': m.fault_too_large,
	quota: m.fault_quota,
	integrity: m.broken_integrity,
	fork: m.broken_fork,
	'pins-lost': m.broken_pins,
	format: m.broken_format,
	unsupported: m.broken_unsupported,
	'worker-lost': m.fault_worker,
	memory: m.fault_memory,
	storage: m.fault_storage,
	clipboard: m.fault_clipboard,
	program: m.fault_program,
	changed: m.fault_changed,
	'not-undone': m.fault_not_undone,
	'no-value': m.fault_no_value,
	'no-prf': m.fault_no_prf,
	'no-passkey': m.fault_no_passkey,
	'unsayable-nul': m.copy_as_nul,
	'unsayable-quotes': m.copy_as_quotes,
	'unsayable-header': m.copy_as_header,
	unexpected: m.fault_unexpected,
	empty: m.form_name_missing
};

function isPlain(code: Fault['code']): code is Plain {
	return code in SENTENCES;
}

function rollbackText(expected: number | undefined, served: number | undefined): string {
	if (expected === undefined || served === undefined) return m.broken_fork();
	return m.broken_rollback({
		expected: numberText(expected),
		served: numberText(served),
		missing: m.broken_missing({ count: Math.max(1, expected - served) })
	});
}

function sizeOf(value: number | undefined): string {
	return value === undefined ? '' : numberText(value);
}
