/**
 * The messages in the language that the caller names: `m.cancel({}, { locale: 'de' })`. For the
 * server, which has every language at hand. A page imports the generated messages.
 */
export * from '#lib/i18n/generated/paraglide/messages/_index.js';
