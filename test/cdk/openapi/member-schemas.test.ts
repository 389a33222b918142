import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memberSchemas } from '../../../cdk/openapi/client-metadata.ts'
import { ruleSchema } from '../../../cdk/openapi/rule-schema.ts'
import { members } from '../../../lib/metadata/client-metadata.ts'
import { customMemberRule } from '../../../lib/metadata/members/custom-members.ts'
import { rpMetadataChoices } from '../../../lib/metadata/members/rp-metadata-choices.ts'
import { InvalidValue, type Member, type Rule, rule } from '../../../lib/metadata/rules/rule.ts'
import { parseSettings, type Settings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { everything } from '../../lib/metadata/cross-field.ts'
import { examples } from '../../lib/metadata/examples.ts'
import { compile } from './json-schema.ts'

const catalogue: Readonly<Record<string, Member<unknown>>> = { ...members, ...rpMetadataChoices }
const names = Object.keys(catalogue)

const declared: SettingsInput = {
  metadata: {
    unknown: {
      allow: {
        word: { type: 'string', maxLength: 8 },
        choice: { type: 'string', enum: ['jwt', 'opaque'] },
        words: { type: 'strings', maxLength: 3 },
        flag: { type: 'boolean' },
        count: { type: 'integer' },
        link: { type: 'url' },
        map: { type: 'object' },
      },
    },
  },
}

const trusted = [{ issuer: 'x', jwksUri: 'https://issuer.example/jwks' }]
const servers: readonly Settings[] = [
  parseSettings({}),
  parseSettings({ metadata: { unsupported: 'refuse', scopes: ['a'], acrValues: ['b'] } }),
  parseSettings(everything),
  parseSettings({ metadata: { ...everything.metadata, unsupported: 'narrow' } }),
  parseSettings({ limits: { redirectUris: 2, uriLength: 64, stringLength: 64 } }),
  parseSettings({ softwareStatement: { issuers: trusted } }),
  parseSettings({ metadata: { authorizationDetailsTypes: [], clientRegistrationTypes: [] } }),
]

const accepts = ({ parse }: Rule<unknown>, value: unknown, settings: Settings): boolean => {
  try {
    parse(value, settings)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidValue)
    return false
  }
}

const sample = Object.values(examples).flatMap(({ accepted, rejected }) => [
  ...accepted,
  ...rejected,
])
const value = fc.oneof(
  { arbitrary: fc.jsonValue(), weight: 2 },
  { arbitrary: fc.constantFrom(...sample), weight: 4 },
  { arbitrary: fc.array(fc.constantFrom(...sample), { maxLength: 3 }), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 80 }), weight: 1 },
)
const anyServer = fc.constantFrom(...servers)

/** Compiled once for each schema: a compilation takes longer than a thousand validations. */
const compiled = new Map<string, (value: unknown) => boolean>()
const validator = (schema: object) => {
  const key = JSON.stringify(schema)
  const validate = compiled.get(key) ?? compile({ ...schema })
  compiled.set(key, validate)
  return validate
}

const rows = names.map((name) => [name, catalogue[name]?.rule] as const)

describe('the JSON Schema of each member', () => {
  test.each(rows)('%s accepts each accepted example', (name, own) => {
    const example = Object.entries(examples).find(([known]) => known === name)?.[1]
    const settings = parseSettings(example?.settings ?? {})
    const validate = own && validator(ruleSchema(own, settings))
    for (const accepted of example?.accepted ?? []) expect(validate?.(accepted)).toBe(true)
    // A schema that accepts everything would say nothing.
    expect(example?.rejected.every((rejected) => validate?.(rejected))).toBe(false)
  })

  test.each(rows.filter(([, own]) => own?.shape !== undefined && 'pattern' in own.shape))(
    '%s rejects each text that its pattern rejects',
    (name, own) => {
      const example = Object.entries(examples).find(([known]) => known === name)?.[1]
      const validate = own && validator(ruleSchema(own, parseSettings({})))
      for (const rejected of example?.rejected ?? []) expect(validate?.(rejected)).toBe(false)
    },
  )

  test('rejects only values that its rule rejects', () => {
    let rejected = 0
    fc.assert(
      fc.property(fc.constantFrom(...names), value, anyServer, (name, sent, settings) => {
        const own = catalogue[name]?.rule
        if (own === undefined || validator(ruleSchema(own, settings))(sent)) return
        rejected += 1
        expect(accepts(own, sent, settings)).toBe(false)
      }),
      { numRuns: 10_000 },
    )
    expect(rejected).toBeGreaterThan(1_000)
  })

  test('rejects only values that its rule rejects, for a declared member too', () => {
    let rejected = 0
    const settings = parseSettings(declared)
    const schemas = memberSchemas(settings)
    const { unknown } = settings.metadata
    const declarations = typeof unknown === 'object' ? Object.entries(unknown.allow) : []
    fc.assert(
      fc.property(fc.constantFrom(...declarations), value, ([name, declaration], sent) => {
        const own = customMemberRule(declaration)
        if (validator(schemas[name] ?? {})(sent)) return
        rejected += 1
        expect(accepts(own, sent, settings)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
    expect(rejected).toBeGreaterThan(200)
  })

  test('of a rule without a schema is missed, by name of what it expects', () => {
    const unknown = rule('a new kind of value', (sent) => sent)
    expect(() => ruleSchema(unknown, parseSettings({}))).toThrow('a new kind of value')
  })
})
