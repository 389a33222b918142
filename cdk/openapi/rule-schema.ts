import { members } from '../../lib/metadata/client-metadata.ts'
import { jsonObject } from '../../lib/metadata/rules/json-object.ts'
import { publicJwks } from '../../lib/metadata/rules/jwks.ts'
import { publicHttpsUri, publicWebUri } from '../../lib/metadata/rules/public-uri.ts'
import { redirectUri } from '../../lib/metadata/rules/redirect-uri.ts'
import { boolean, type Rule, type Shape, seconds, text } from '../../lib/metadata/rules/rule.ts'
import { absoluteUri, clientUri, httpsUri, httpUri } from '../../lib/metadata/rules/uri.ts'
import { supportedValues } from '../../lib/metadata/supported-values.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import type { JsonSchema } from './json-schema.ts'

type SchemaOf = (settings: Settings) => JsonSchema

const string: SchemaOf = ({ limits }) => ({
  type: 'string',
  minLength: 1,
  maxLength: limits.stringLength,
})
const uri: SchemaOf = ({ limits }) => ({
  type: 'string',
  format: 'uri',
  minLength: 1,
  maxLength: limits.uriLength,
})
const flag: SchemaOf = () => ({ type: 'boolean' })

/** RFC 7517 §5; only what holds for keys of every type. */
const keySet: SchemaOf = () => ({
  type: 'object',
  required: ['keys'],
  properties: {
    keys: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: { type: 'object', required: ['kty'], properties: { kty: { type: 'string' } } },
    },
  },
})

/** The statement is ignored where no issuer is trusted. */
const statement: SchemaOf = ({ softwareStatement: { issuers } }) =>
  issuers.length === 0
    ? {}
    : { type: 'string', pattern: String.raw`^[\w-]+\.[\w-]+\.[\w-]+$`, maxLength: 16_384 }

/** The JSON Schema of each kind of value that is not made from others. */
const schemas: ReadonlyMap<Rule<unknown>, SchemaOf> = new Map<Rule<unknown>, SchemaOf>([
  [text, string],
  [boolean, flag],
  [seconds, () => ({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER })],
  [jsonObject, () => ({ type: 'object' })],
  [publicJwks, keySet],
  ...[httpUri, httpsUri, clientUri, absoluteUri, publicHttpsUri, publicWebUri, redirectUri].map(
    (rule) => [rule, uri] as const,
  ),
  [members.backchannel_logout_uri.rule, uri],
  [members.backchannel_user_code_parameter.rule, flag],
  [members.scope.rule, (settings) => ({ ...string(settings), pattern: '^[ !#-\\[\\]-~]+$' })],
  [members.software_statement.rule, statement],
  [
    members.tls_client_auth_san_ip.rule,
    () => ({ type: 'string', anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }),
  ],
  [
    members.vp_formats_supported.rule,
    () => ({ type: 'object', minProperties: 1, additionalProperties: { type: 'object' } }),
  ],
])

/**
 * The JSON Schema of a rule under these settings. It accepts whatever the rule accepts, and rejects
 * other types and what it can say of limits and lists. Throws an Error for a rule without a schema.
 */
export function ruleSchema(rule: Rule<unknown>, settings: Settings): JsonSchema {
  if (rule.shape !== undefined) return shapeSchema(rule.shape, settings)
  const schema = schemas.get(rule)
  if (schema === undefined)
    throw new Error(`cdk/openapi/rule-schema.ts: no schema for the rule "${rule.expects}"`)
  return schema(settings)
}

function shapeSchema(shape: Shape, settings: Settings): JsonSchema {
  if ('pattern' in shape) return { ...string(settings), pattern: shape.pattern.source }
  if ('allowed' in shape) return { type: 'string', enum: shape.allowed }
  if ('items' in shape)
    return {
      type: 'array',
      items: ruleSchema(shape.items, settings),
      ...(shape.min > 0 && { minItems: shape.min }),
      maxItems: shape.max(settings),
    }
  const allowed = supportedValues(shape.supported, settings)
  if (allowed === undefined || allowed.length === 0) return string(settings)
  // Other values are dropped, or, for response types, may have their words in another order.
  const isOpen =
    (shape.dropUnsupported && settings.metadata.unsupported === 'narrow') ||
    shape.supported === 'response_types_supported'
  return isOpen
    ? { type: 'string', anyOf: [{ enum: allowed }, string(settings)] }
    : { type: 'string', enum: allowed }
}
