import { OAuthError } from './errors.ts'

/**
 * draft-dellaert-oauth-approval-based-dcr-00 §3.1: whether a registration asks for an approval, by
 * an array of modes, of which unknown ones are ignored. Throws `invalid_client_metadata`.
 */
export function acceptsApproval(modes: unknown): boolean {
  if (modes === undefined || modes === null || modes === '') return false
  if (!Array.isArray(modes) || !modes.every((mode) => typeof mode === 'string'))
    throw new OAuthError('invalid_client_metadata', 'registration_mode: expected a list of texts')
  return modes.includes('approval')
}
