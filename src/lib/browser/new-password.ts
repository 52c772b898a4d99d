/** Whether a password can be set at all; how long it would withstand guessing is in `strength.ts`. */
export {
	checkNewPassword,
	PASSWORD_MAX_BYTES,
	PASSWORD_MIN_CODE_POINTS
} from '#lib/protocol/password.ts';
