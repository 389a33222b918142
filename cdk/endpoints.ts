import type { Settings } from '../lib/settings/settings.ts'
import type { SecretName } from './secrets.ts'

/** What one Lambda may do with the items whose keys start with a prefix. */
export type TableGrant = {
  readonly actions: readonly string[]
  readonly keys: string
  readonly on?: 'listing'
}

/** One endpoint: its Lambda, where it is reached, and all that it may touch. */
export type Endpoint = {
  /** Its file in functions/. */
  readonly name: string
  readonly routes: readonly string[]
  readonly table: readonly TableGrant[]
  readonly secrets: readonly SecretName[]
}

const clients = 'CLIENT#*'
const initialAccessTokens = 'IAT#*'

/** Every endpoint of a stage. `ANY`, so that a wrong method is answered as OAuth JSON with `Allow`. */
export function endpoints(settings: Settings): readonly Endpoint[] {
  const { registrationPath } = settings
  return [
    {
      name: 'register-client',
      routes: [registrationPath],
      table: [
        { actions: ['PutItem'], keys: clients },
        { actions: ['GetItem', 'UpdateItem'], keys: initialAccessTokens },
      ],
      // The static one only where the stage has it.
      secrets: ['keyRing', 'masterToken', 'staticInitialAccessToken'],
    },
    {
      name: 'client-configuration',
      routes: [`${registrationPath}/{client_id}`],
      table: [{ actions: ['GetItem', 'UpdateItem', 'DeleteItem'], keys: clients }],
      secrets: ['keyRing'],
    },
    {
      name: 'initial-access-tokens',
      routes: ['/initial-access-tokens', '/initial-access-tokens/{id}'],
      table: [
        { actions: ['PutItem', 'DeleteItem', 'BatchGetItem'], keys: initialAccessTokens },
        { actions: ['GetItem'], keys: clients },
        { actions: ['Query'], keys: initialAccessTokens, on: 'listing' },
      ],
      secrets: ['masterToken'],
    },
    { name: 'discovery', routes: [...wellKnown(settings), '$default'], table: [], secrets: [] },
  ]
}

/** OpenID Connect Discovery 1.0 §4 appends the well-known path to the issuer's, RFC 8414 §3.1 inserts it before. */
function wellKnown({ issuer }: Settings): readonly string[] {
  const root = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']
  const path = issuer === undefined ? '/' : new URL(issuer).pathname
  if (path === '/') return root
  return [...root, `${root[1]}${path}`, `${path}${root[0]}`]
}
