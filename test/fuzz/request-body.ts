import assert from 'node:assert/strict'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import fc from 'fast-check'
import { jsonBody } from '../../functions/http/request.ts'
import { OAuthError } from '../../lib/errors.ts'
import { fuzzed } from './fuzzed.ts'

const maxBytes = 65_536

/** The parsed body, or undefined if it is rejected as the documentation of `jsonBody` says. */
function parse(body: string, isBase64Encoded = false, contentType = 'application/json') {
  const headers = { 'content-type': contentType }
  try {
    const event = { headers, body, isBase64Encoded } as unknown as APIGatewayProxyEventV2 // no more of it is read
    return jsonBody(event, maxBytes)
  } catch (error) {
    assert(error instanceof OAuthError, error instanceof Error ? error : String(error))
    assert([400, 413, 415].includes(error.status), `status ${error.status}`)
    assert.match(error.description, /^[\x20-\x7e]+$/)
    return undefined
  }
}

/** Text of JSON, with the parts that decide which object a key belongs to. */
const fragments = fc.constantFrom(
  ...['{', '}', '[', ']', ':', ',', '"', '\\', '\\"', '\\u0061', '\\ud800', '"a"', '"a":', '"b":'],
  ...['1', '-0', '1e999', 'null', 'true', ' ', '\n', '\u0000', '\ufffd', '\ud800', 'é', '🦊', '{}'],
)
const nearJson = fc.oneof(
  { arbitrary: fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join('')), weight: 120 },
  { arbitrary: fc.json(), weight: 80 },
  { arbitrary: fc.string({ unit: 'binary' }), weight: 20 },
  {
    arbitrary: fc
      .tuple(fragments, fc.integer({ max: maxBytes, min: 1 }), fragments)
      .map(([part, length, end]) => `{"a":${part.repeat(length / part.length)}${end}}`),
    weight: 1,
  },
)

const contentTypes = fc.constantFrom(
  'application/json',
  'Application/JSON; charset=utf-8',
  'application/json;charset="utf-16"',
  'text/plain',
  '',
)

type Node = string | readonly Entry[]
type Entry = { readonly key: string; readonly escaped: boolean; readonly value: Node }

/** An object as a list of its members, so that a name may occur twice. */
const objects = fc.letrec<{ node: Node; object: readonly Entry[] }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('1', '"a"', '"{"', '"\\"a\\":"', '[{"a":1},{"a":1}]'),
    tie('object'),
  ),
  object: fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', '"', '{', '\\', 'a"', ':', ''),
      escaped: fc.boolean(),
      value: tie('node'),
    }),
    { maxLength: 4 },
  ),
})).object

const asEscapes = (key: string) =>
  key.replace(/./gs, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

const text = (node: Node): string =>
  typeof node === 'string' ? node : `{${node.map(member).join(',')}}`

const member = ({ key, escaped, value }: Entry): string =>
  `${escaped ? `"${asEscapes(key)}"` : JSON.stringify(key)} : ${text(value)}`

const hasDuplicate = (node: Node): boolean =>
  typeof node !== 'string' &&
  (new Set(node.map(({ key }) => key)).size < node.length ||
    node.some(({ value }) => hasDuplicate(value)))

export const requestBody = [
  fuzzed(
    'a request body is rejected, or parsed as JSON.parse does',
    fc.tuple(nearJson, fc.boolean(), contentTypes),
    ([body, isBase64Encoded, contentType]) => {
      const sent = isBase64Encoded ? Buffer.from(body).toString('base64') : body
      const parsed = parse(sent, isBase64Encoded, contentType)
      if (parsed === undefined) return false
      assert.deepEqual(parsed, JSON.parse(body))
      assert.deepEqual(parse(JSON.stringify(parsed)), JSON.parse(JSON.stringify(parsed)))
      return true
    },
  ),
  fuzzed(
    'a request body of any bytes is parsed only if they are the UTF-8 of JSON',
    fc.tuple(
      fc.array(fc.constantFrom(0xc3, 0x28, 0xa0, 0xed, 0xf0, 0x9f, 0x80, 0x61), { maxLength: 6 }),
      fc.boolean(),
    ),
    ([bytes, isName]) => {
      const raw = Buffer.from(bytes)
      const parts = isName ? ['{"', raw, '":1}'] : ['{"a":"', raw, '"}']
      const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
      const parsed = parse(body.toString('base64'), true)
      if (parsed !== undefined) assert.deepEqual(Buffer.from(JSON.stringify(parsed)), body)
      return parsed !== undefined
    },
  ),
  fuzzed('a request body is rejected exactly if a name occurs twice', objects, (object) => {
    const isAccepted = parse(text(object)) !== undefined
    assert.equal(isAccepted, !hasDuplicate(object))
    return isAccepted
  }),
]
