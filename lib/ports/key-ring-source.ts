import type { KeyRing } from '../tokens/key-ring.ts'

/**
 * Port that returns the key ring, and reloads it if `suffices` returns false. Rejects with
 * OAuthError `temporarily_unavailable` if it cannot be read, or does not suffice and cannot be
 * reloaded.
 */
export type KeyRingSource = (suffices?: (ring: KeyRing) => boolean) => Promise<KeyRing>
