import { byId } from './elements.ts'

const by = byId('filter-by', HTMLSelectElement)
const value = byId('filter-value', HTMLInputElement)
const issuer = byId('filter-issuer', HTMLInputElement)
const issuerField = byId('filter-issuer-field', HTMLElement)
const from = byId('filter-from', HTMLInputElement)
const before = byId('filter-before', HTMLInputElement)

const relation = byId('filter-relation', HTMLElement)

by.addEventListener('change', allowValue)

function allowValue(): void {
  value.disabled = by.value === ''
  value.required = by.value !== ''
  issuerField.hidden = by.value !== 'owner'
  const isByName = by.value === 'name_prefix'
  relation.textContent = isByName ? 'Begins with' : 'Equals'
  // Found by name, clients are in the order of names, not of time.
  for (const bound of [from, before]) bound.disabled = isByName
}

/** Fills the form from the parameters of the address. */
export function fillFilter(parameters: URLSearchParams): void {
  const names = [...by.options].map((option) => option.value).filter(Boolean)
  const name = names.find((known) => parameters.has(known)) ?? ''
  by.value = name
  value.value = parameters.get(name) ?? ''
  issuer.value = parameters.get('iss') ?? ''
  from.value = localTime(parameters.get('created_from'))
  before.value = localTime(parameters.get('created_before'))
  allowValue()
}

/** The address for the form's filter. A filter by client_id opens that client directly. */
export function filterAddress(): string {
  const asked = value.value.trim()
  if (by.value === 'client_id') return `#client?${new URLSearchParams({ id: asked })}`
  const parameters = new URLSearchParams()
  // The operator may paste a whole initial access token. Only its id goes into the address, never
  // its secret.
  if (by.value !== '') parameters.set(by.value, /^iat_(\w{21})_/.exec(asked)?.[1] ?? asked)
  // A `sub` is unique only within its issuer (RFC 7519 §4.1.2).
  const iss = issuer.value.trim()
  if (by.value === 'owner' && iss !== '') parameters.set('iss', iss)
  if (by.value === 'name_prefix') return `#clients?${parameters}`
  if (from.value !== '') parameters.set('created_from', unixTime(from.value))
  if (before.value !== '') parameters.set('created_before', unixTime(before.value))
  return `#clients?${parameters}`
}

const unixTime = (local: string): string => String(Math.floor(new Date(local).getTime() / 1000))

/** Converts Unix seconds to the format of a datetime-local input; '' if they are invalid. */
function localTime(seconds: string | null): string {
  if (seconds === null || !/^\d{1,10}$/.test(seconds)) return ''
  const date = new Date(Number(seconds) * 1000)
  const shifted = date.getTime() - date.getTimezoneOffset() * 60_000
  return new Date(shifted).toISOString().slice(0, 16)
}
