import type { RegistrationHook } from '../../lib/ports/registration-hook.ts'

/**
 * Awaited before a registration is stored and answered, with the client and its secret. Replace it
 * with your own hook, `{ registered, undo }`: see "Notify another system first" in README.md.
 */
export const onRegistered: RegistrationHook | undefined = undefined
