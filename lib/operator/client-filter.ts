import { OAuthError } from '../errors.ts'
import type { ClientFilter } from '../ports/client-admin-store.ts'
import type { Settings } from '../settings/schema.ts'
import { normalizedName } from './name-filter.ts'
import { namedOwners } from './named-owners.ts'
import { parseHost } from './redirect-host-filter.ts'

/** The filters, and the maximum length of their values in characters. */
const maxLength = {
  owner: 255,
  software_id: 16_384,
  label: 64,
  initial_access_token: 255,
  name_prefix: 255,
  redirect_host: 253,
  state: 7,
} as const
type FilterName = keyof typeof maxLength
const filterNames = Object.keys(maxLength) as FilterName[]
const others = ['iss', 'created_from', 'created_before']

type Query = Readonly<Record<string, string | undefined>>

/**
 * Parses a filter of the list of clients: at most one attribute, and a time range. Throws OAuthError
 * `invalid_request`.
 */
export function parseFilter(query: Query, settings: Settings): ClientFilter {
  const off = absentFilters(settings)
  const filters = filterNames.filter((name) => !off.has(name))
  const known: readonly string[] = [...filters, ...others]
  for (const name of Object.keys(query)) {
    const setting = off.get(name)
    if (setting !== undefined) throw invalid(`${name}: needs the setting ${setting}`)
    if (!known.includes(name)) throw invalid(`unknown filter; known: ${known.join(', ')}`)
  }
  const requested = filters.filter((name) => query[name] !== undefined)
  const [name] = requested
  if (requested.length > 1) throw invalid(`expected at most one of ${filters.join(', ')}`)
  const value = name === undefined ? undefined : query[name]
  if (name !== undefined && (value === '' || (value ?? '').length > maxLength[name]))
    throw invalid(`${name}: expected 1 to ${maxLength[name]} characters`)
  if (query.iss !== undefined && name !== 'owner')
    throw invalid('iss: expected together with owner')
  const isTimed = query.created_from !== undefined || query.created_before !== undefined
  if (name === 'name_prefix' && isTimed)
    throw invalid('name_prefix: expected without created_from and created_before')
  return {
    includesPending: settings.approval !== 'off',
    by:
      name === undefined || value === undefined ? undefined : by(name, value, query.iss, settings),
    createdFrom: parseTime('created_from', query.created_from),
    createdBefore: parseTime('created_before', query.created_before),
  }
}

/** The filters whose index the table does not have, and the setting that adds it. */
const absentFilters = ({ findClientsBy: { name, redirectHost } }: Settings) =>
  new Map<string, string>([
    ...(name ? [] : [['name_prefix', 'findClientsBy.name'] as const]),
    ...(redirectHost ? [] : [['redirect_host', 'findClientsBy.redirectHost'] as const]),
  ])

const invalid = (description: string) => new OAuthError('invalid_request', description)

function by(
  name: FilterName,
  value: string,
  iss: string | undefined,
  settings: Settings,
): NonNullable<ClientFilter['by']> {
  switch (name) {
    case 'state':
      return { name, value: 'pending' }
    case 'owner':
      return { name, owners: namedOwners(value, iss, settings) }
    case 'name_prefix':
      return { name, value: parsePrefix(value) }
    case 'redirect_host':
      return { name, value: hostOf(value) }
    default:
      return { name, value }
  }
}

function parsePrefix(value: string): string {
  const prefix = normalizedName(value)
  if (prefix === '') throw invalid('name_prefix: expected a visible character')
  return prefix
}

function hostOf(value: string): string {
  const host = parseHost(value)
  if (host === undefined)
    throw invalid('redirect_host: expected a host without scheme, port and path')
  return host
}

function parseTime(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,10}$/.test(value)) return Number(value)
  throw invalid(`${name}: expected Unix seconds`)
}
