import * as v from 'valibot'
import { isObject, jsonProblem } from '../json.ts'
import { isScopeToken } from '../metadata/rules/scope-tokens.ts'

/** A group of settings. The error for an unknown key lists the valid keys. */
export function group<Entries extends v.ObjectEntries>(entries: Entries) {
  const unknown = `unknown setting; known here: ${Object.keys(entries).join(', ')}`
  const missing = 'is missing; there is no default'
  return rejectArrays(
    v.strictObject(entries, ({ expected }) => {
      if (expected === 'never') return unknown
      return expected === 'Object' ? 'expected an object' : missing
    }),
  )
}

/** An object of any keys that match one schema, with values that match another. */
export const record = <Key extends v.GenericSchema<string, string>, Value extends v.GenericSchema>(
  key: Key,
  value: Value,
) => rejectArrays(v.record(key, value, 'expected an object'))

/**
 * Makes a schema of objects reject arrays, which valibot takes for objects: `[]` would be an empty
 * one. A pipe would hide the entries from what is generated from them.
 */
function rejectArrays<Schema extends v.GenericSchema>(schema: Schema): Schema {
  const run = schema['~run'].bind(schema)
  const rejecting: typeof run = (dataset, config) =>
    run(Array.isArray(dataset.value) ? { value: undefined } : dataset, config)
  return Object.assign(schema, { '~run': rejecting })
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
