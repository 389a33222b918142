import { anvilConnect } from './profiles/anvil-connect.ts'
import { connect2id } from './profiles/connect2id.ts'
import { mcp } from './profiles/mcp.ts'
import { oidcProvider } from './profiles/oidc-provider.ts'
import { secureauth } from './profiles/secureauth.ts'

/**
 * Predefined settings that reproduce how one system registers clients. A stage's own settings
 * override them.
 */
export const profiles = {
  'anvil-connect': anvilConnect,
  'oidc-provider': oidcProvider,
  secureauth,
  connect2id,
  mcp,
} as const

export type ProfileName = keyof typeof profiles
