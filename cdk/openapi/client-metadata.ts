import { members } from '../../lib/metadata/client-metadata.ts'
import { memberDocs } from '../../lib/metadata/member-docs.ts'
import { customMemberRule } from '../../lib/metadata/members/custom-members.ts'
import { rpMetadataChoices } from '../../lib/metadata/members/rp-metadata-choices.ts'
import { notInUpdates, serverMembers } from '../../lib/metadata/members/server-members.ts'
import type { Member, MemberDoc } from '../../lib/metadata/rules/rule.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { type JsonSchema, schemaRef, typesOnly } from './json-schema.ts'
import { ruleSchema } from './rule-schema.ts'

const docs: Readonly<Record<string, MemberDoc>> = memberDocs

/** Each member that a client may send, by name: the catalogue's, and those that the settings declare. */
export function memberSchemas(settings: Settings): Readonly<Record<string, JsonSchema>> {
  return { ...schemasOf(members, settings), ...declaredSchemas(settings) }
}

/** OpenID Connect Relying Party Metadata Choices 1.0 §2: sent, but never registered. */
const choiceSchemas = (settings: Settings) => schemasOf(rpMetadataChoices, settings)

const schemasOf = (group: Readonly<Record<string, Member<unknown>>>, settings: Settings) =>
  Object.fromEntries(
    Object.entries(group).map(([name, { rule }]) => {
      const { section, omitted } = docs[name] ?? {}
      const words = [`Expected: ${rule.expects}.`]
      if (omitted !== undefined) words.push(`When omitted: ${omitted}.`)
      if (section !== undefined) words.push(`Defined in ${section}.`)
      return [name, { ...ruleSchema(rule, settings), description: words.join(' ') }]
    }),
  )

type Declaration = Parameters<typeof customMemberRule>[0]

const declaredSchemas = (settings: Settings) =>
  Object.fromEntries(
    Object.entries(declarations(settings)).map(([name, declaration]) => [
      name,
      {
        ...declaredSchema(declaration, settings),
        description: `Expected: ${customMemberRule(declaration).expects}. Defined by this service.`,
      },
    ]),
  )

function declarations({ metadata: { unknown } }: Settings): Readonly<Record<string, Declaration>> {
  return typeof unknown === 'object' ? unknown.allow : {}
}

function declaredSchema({ type, enum: values, maxLength }: Declaration, settings: Settings) {
  const { stringLength, uriLength } = settings.limits
  const string = {
    type: 'string',
    minLength: 1,
    maxLength: Math.min(maxLength ?? stringLength, stringLength),
    ...(values && { enum: values }),
  }
  const schemas = {
    string,
    strings: { type: 'array', items: string, maxItems: 100 },
    boolean: { type: 'boolean' },
    integer: { type: 'integer' },
    url: { type: 'string', format: 'uri', minLength: 1, maxLength: uriLength },
    object: { type: 'object' },
  } satisfies Record<Declaration['type'], JsonSchema>
  return schemas[type]
}

/** RFC 7591 §2.2: each member that people read, in other languages. */
const inLanguages = (schemas: Readonly<Record<string, JsonSchema>>) => ({
  patternProperties: Object.fromEntries(
    Object.entries<Member<unknown>>(members)
      .filter(([, { tagged }]) => tagged)
      .map(([name]) => [`^${name}#[A-Za-z0-9-]{1,64}$`, schemas[name]]),
  ),
})

/** The schemas of client metadata: as a client may send it, and as it is registered. */
export function clientMetadataSchemas(settings: Settings): Readonly<Record<string, JsonSchema>> {
  const sent = memberSchemas(settings)
  const registered = Object.fromEntries(
    Object.entries(sent).map(([name, schema]) => [name, typesOnly(schema)]),
  )
  const required = settings.softwareStatement.required ? ['software_statement'] : []
  return {
    ClientMetadata: {
      type: 'object',
      description:
        'Client metadata (RFC 7591 §2). A member that is null or an empty string counts as omitted.',
      properties: { ...sent, ...choiceSchemas(settings), ...aliases(settings) },
      ...inLanguages(sent),
    },
    RegisteredMetadata: {
      type: 'object',
      description: 'Client metadata as registered (RFC 7591 §3.2.1).',
      required: ['token_endpoint_auth_method', 'grant_types', 'response_types', 'application_type'],
      properties: registered,
      ...inLanguages(registered),
    },
    ...(settings.registration !== 'disabled' && {
      ClientRegistrationRequest: {
        description: `Client Registration Request (RFC 7591 §3.1). ${unknownMembers(settings)}`,
        allOf: [schemaRef('ClientMetadata')],
        ...(required.length > 0 && { required }),
        ...closed(settings, registrationMode(settings)),
      },
    }),
    ClientUpdateRequest: {
      description: `Client Update Request (RFC 7592 §2.2): replaces all metadata. ${unknownMembers(settings)}`,
      allOf: [schemaRef('ClientMetadata')],
      required: ['client_id', ...required],
      ...closed(settings, {
        client_id: { type: 'string', description: 'The client_id of this client.' },
        client_secret: {
          type: 'string',
          description: 'The current client secret; may be omitted.',
        },
        ...Object.fromEntries(notInUpdates.map((name) => [name, false])),
      }),
    },
  }
}

/** draft-dellaert-oauth-approval-based-dcr-00 §3.1 */
const registrationMode = ({ approval }: Settings): JsonSchema =>
  approval === 'draft'
    ? {
        registration_mode: {
          type: 'array',
          items: { type: 'string' },
          description: 'With `approval`, the client polls until an operator has decided.',
        },
      }
    : {}

function unknownMembers({ metadata: { unknown } }: Settings): string {
  return unknown === 'refuse' ? 'Unknown members are rejected.' : 'Unknown members are ignored.'
}

/** With unknown members rejected, those that the server sets are ignored where an update may have them. */
const closed = ({ metadata: { unknown } }: Settings, own: JsonSchema = {}): JsonSchema => {
  const ignored = Object.fromEntries(serverMembers.map((name) => [name, true]))
  return unknown === 'refuse'
    ? { properties: { ...ignored, ...own }, unevaluatedProperties: false }
    : { properties: own }
}

const aliases = ({ aliases: accepted }: Settings): JsonSchema =>
  accepted
    ? {
        redirect_url: { type: 'string', format: 'uri', description: 'redirect_uris with one URI.' },
        scopes: { type: 'array', items: { type: 'string' }, description: 'scope as a list.' },
      }
    : {}
