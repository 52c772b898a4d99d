/** Sizes and counts that both sides refuse to exceed. Norm: docs/protocol.md, 11. */

export const WRAPPED_KEY_BYTES = 117;
/** What `Wrap` adds to its plaintext. */
export const WRAP_OVERHEAD_BYTES = 81;
/** What `Seal` adds to its plaintext. */
export const SEAL_OVERHEAD_BYTES = 29;

/** Sealed size of the smallest and the largest secret. */
export const SECRET_MIN_BYTES = 285;
export const SECRET_MAX_BYTES = 65_565;
/** Sealed size of the smallest and the largest sheet: one page, 64 full entries. */
export const SHEET_MIN_BYTES = 4_125;
export const SHEET_MAX_BYTES = 262_173;
/** Settings are padded to pages of 1,024; 64 pages hold 64 vault names and all preferences. */
export const SETTINGS_MIN_BYTES = 1_105;
export const SETTINGS_MAX_BYTES = 65_617;

/** Sealed size of the smallest and the largest note of a client: 256 and 1,024 bytes, padded. */
export const NOTE_MIN_BYTES = 285;
export const NOTE_MAX_BYTES = 1_053;

/** Wrapped size with no sheet, and with 20,000 sheets of one entry each: 176 + 56 a sheet. */
export const VAULT_MANIFEST_MIN_BYTES = 176;
export const VAULT_MANIFEST_MAX_BYTES = 1_120_176;
/** Wrapped size with 2 slots and no vault, and with 16 slots and 64 vaults: 208 + 90 a slot + 60 a vault. */
export const ACCOUNT_MANIFEST_MIN_BYTES = 388;
export const ACCOUNT_MANIFEST_MAX_BYTES = 5_488;

export const ITEMS_PER_SHEET = 64;
export const ITEMS_PER_VAULT = 20_000;
export const VAULTS_PER_ACCOUNT = 64;
export const SLOTS_PER_ACCOUNT = 16;

export const COMMIT_BODY_BYTES = 16 * 1024 * 1024;
export const COMMIT_RECORDS = 10_000;
export const LIST_ANSWER_BYTES = 128 * 1024 * 1024;
export const CHAIN_LENGTH = 100_000;

/**
 * Answers in bytes of JSON, so that a server cannot fill a device's memory with what should be short.
 * An account: 100,000 hashes of 46 characters, manifest, settings, 64 vaults. Secrets: 500 of the
 * largest are 44 MB. A vault takes LIST_ANSWER_BYTES.
 */
export const SMALL_REPLY_BYTES = 64 * 1024;
export const ACCOUNT_REPLY_BYTES = 8 * 1024 * 1024;
/** A page of the log with a note to each row is 160 kB, the counts of a year at most 700 kB. */
export const ACTIVITY_REPLY_BYTES = 1024 * 1024;
export const SECRETS_REPLY_BYTES = 48 * 1024 * 1024;

/** Body of a request that carries no sealed records. */
export const SMALL_BODY_BYTES = 64 * 1024;
/** Secrets that one request may ask for. 500 of the largest are 44 MB of JSON. */
export const SECRETS_PER_REQUEST = 500;

export const CHALLENGE_LIFETIME_MS = 120_000;

/** Days of which one account is reminded. */
export const REMINDERS_MAX = 60;
