import * as v from 'valibot'
import { isObject, jsonProblem } from '../json.ts'
import { isScopeToken } from '../metadata/rules/scope-tokens.ts'

/** A group of settings. The error for an unknown key lists the valid keys. */
export function group<Entries extends v.ObjectEntries>(entries: Entries) {
  const known = Object.keys(entries).join(', ')
  return v.strictObject(entries, ({ expected, received }) => {
    if (expected === 'never') return `unknown setting; known here: ${known}`
    return expected === 'Object'
      ? `expected an object, received ${received}`
      : 'is missing; there is no default'
  })
}

/** An integer between these bounds, inclusive. */
export const integer = (from: number, to: number) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(from, `expected a whole number from ${from} to ${to}`),
    v.maxValue(to, `expected a whole number from ${from} to ${to}`),
  )

const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/

/**
 * RFC 3986 §3.2.1: whether a URL contains a username or a password, which would appear in logs and
 * responses.
 */
export const hasCredentials = (text: string): boolean =>
  /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(text)

/** The URL of a server: https, or http on loopback. */
export const serverUrl = v.pipe(
  v.string(),
  v.check(
    (url) => URL.canParse(url) && (url.startsWith('https://') || loopback.test(url)),
    'expected an https URL (http on loopback only)',
  ),
  v.check((url) => !/[?#]/.test(url), 'expected no query or fragment'),
  v.check((url) => !hasCredentials(url), 'expected no username or password'),
)

/** A URL to which paths are appended. */
export const baseUrl = v.pipe(
  serverUrl,
  v.check((url) => !url.endsWith('/'), 'expected no trailing slash'),
)

export const scopeToken = v.pipe(v.string(), v.check(isScopeToken, 'expected one scope token'))

export const host = v.pipe(
  v.string(),
  v.regex(
    /^\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*$|^\[[0-9a-f:.]+\]$/,
    'expected a host in lower case, or .example.com for all under it',
  ),
)

/** An empty allowlist would reject every request. */
export const nonEmptyList = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item), v.minLength(1, 'expected at least one item'))

export const names = v.array(v.pipe(v.string(), v.nonEmpty('expected a non-empty name')))

/** Client metadata as a request could send it; each member is validated when a request has it. */
export const clientMetadata = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(isObject, 'expected an object of client metadata'),
  v.check(
    (value) => jsonProblem(value, 'it') === undefined,
    'expected JSON that a request could have: at most 32 levels, no member named constructor',
  ),
)
