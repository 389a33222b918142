import { describe, expect, test } from 'vitest'
import { OAuthError } from '../../../lib/errors.ts'
import { members } from '../../../lib/metadata/client-metadata.ts'
import { memberDocs } from '../../../lib/metadata/member-docs.ts'
import { choiceNames } from '../../../lib/metadata/members/rp-metadata-choices.ts'
import { serverMembers } from '../../../lib/metadata/members/server-members.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { shadowedMembers } from '../../../lib/metadata/shadowed-members.ts'
import { listNames, supportedLists } from '../../../lib/metadata/supported-lists.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { type Example, redirect_uris } from './example.ts'
import { examples } from './examples.ts'
import { registered, vendors } from './names.ts'

const parse = (value: unknown, name: string, { beside, settings }: Example) =>
  parseClientMetadata({ redirect_uris, ...beside, [name]: value }, parseSettings(settings ?? {}), {
    allowEmptyGrantTypes: false,
  })

const rejection = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}

const rows = Object.entries(examples)
const each = (kind: 'accepted' | 'rejected') =>
  rows.flatMap(([name, example]) =>
    example[kind].map(
      (value) => [name, JSON.stringify(value)?.slice(0, 60), value, example] as const,
    ),
  )

describe('the catalogue', () => {
  test('has the 71 names of the registry', () => {
    expect(registered).toHaveLength(71)
    expect(Object.keys(memberDocs)).toEqual(expect.arrayContaining(registered))
  })

  test('has each name once, as a member, a choice, or set by the server', () => {
    const names = [...Object.keys(members), ...choiceNames, ...serverMembers]
    expect(names.sort()).toEqual(Object.keys(memberDocs).sort())
  })

  test.each(listNames)('%s is for a member of the catalogue', (name) => {
    expect(members).toHaveProperty([supportedLists[name].member])
  })
})

describe('each member by itself', () => {
  test.each(each('accepted'))('%s accepts %s', (name, _, value, example) => {
    const metadata = parse(value, name, example)
    if (name in members) expect(metadata).toHaveProperty([name], value)
    else expect(metadata).not.toHaveProperty([name])
  })

  test.each(each('rejected'))('%s rejects %s', (name, _, value, example) => {
    const error = rejection(() => parse(value, name, example))
    expect(error).toBeInstanceOf(OAuthError)
    if (!(error instanceof OAuthError)) return
    const own = {
      redirect_uris: 'invalid_redirect_uri',
      software_statement: 'invalid_software_statement',
    }
    const codes: Readonly<Record<string, string>> = own
    expect(error.code).toBe(codes[name] ?? 'invalid_client_metadata')
    expect(error.description).toMatch(/^[a-z_]+: [\x20-\x7e]+$/)
  })

  test('has an accepted and a rejected example', () => {
    const without = rows.filter(
      ([, { accepted, rejected }]) => !accepted.length || !rejected.length,
    )
    expect(without.map(([name]) => name).sort()).toEqual([...serverMembers].sort())
  })

  test.each(rows)('%s is omitted where it is null', (name, example) => {
    const { [name]: _, ...beside } = { redirect_uris, ...example.beside } as Record<string, unknown>
    const settings = parseSettings({ ...example.settings })
    const omitted = rejection(() =>
      parseClientMetadata(beside, settings, { allowEmptyGrantTypes: false }),
    )
    const sentNull = { ...beside, [name]: null }
    expect(
      rejection(() => parseClientMetadata(sentNull, settings, { allowEmptyGrantTypes: false })),
    ).toEqual(omitted)
  })
})

describe('names that are no metadata here', () => {
  const privileges = { allowEmptyGrantTypes: false }

  test.each(vendors)('%s is ignored (RFC 7591 §2)', (name) => {
    const metadata = parseClientMetadata(
      { redirect_uris, [name]: 1 },
      parseSettings({}),
      privileges,
    )
    expect(metadata).not.toHaveProperty([name])
  })

  test.each(vendors)('%s is rejected where unknown members are', (name) => {
    const settings = parseSettings({ metadata: { unknown: 'refuse' } })
    const run = () => parseClientMetadata({ redirect_uris, [name]: 1 }, settings, privileges)
    expect(rejection(run)).toMatchObject({
      description: 'unknown member of client metadata',
      details: { member: name },
    })
  })

  test.each([
    [{ type: 'string' }, 'a', 1],
    [{ type: 'string', enum: ['jwt', 'opaque'] }, 'jwt', 'other'],
    [{ type: 'string', maxLength: 3 }, 'abc', 'abcd'],
    [{ type: 'boolean' }, true, 'true'],
    [{ type: 'integer' }, -3, 1.5],
    [{ type: 'url' }, 'https://client.example/', 'client.example'],
    [{ type: 'strings', maxLength: 3 }, ['abc'], ['abcd']],
    [{ type: 'object' }, { a: [1] }, [1]],
  ] as const)('a declared member %j is held to its schema', (declaration, accepted, rejected) => {
    const settings = parseSettings({ metadata: { unknown: { allow: { extra: declaration } } } })
    const run = (extra: unknown) =>
      parseClientMetadata({ redirect_uris, extra, other: 1 }, settings, privileges)
    expect(run(accepted)).toMatchObject({ extra: accepted })
    expect(run(accepted)).not.toHaveProperty('other')
    expect(rejection(() => run(rejected))).toBeInstanceOf(OAuthError)
  })

  test('a declaration does not replace a rule of the catalogue', () => {
    const allow = { redirect_uris: { type: 'strings' }, own: { type: 'string' } } as const
    const settings = parseSettings({ metadata: { unknown: { allow } } })
    const run = () => parseClientMetadata({ redirect_uris: ['data:,'] }, settings, privileges)
    expect(rejection(run)).toMatchObject({ code: 'invalid_redirect_uri' })
    expect(shadowedMembers(settings)).toEqual(['redirect_uris'])
    expect(shadowedMembers(parseSettings({}))).toEqual([])
  })

  test('a name with other characters is rejected without repeating it', () => {
    const settings = parseSettings({ metadata: { unknown: 'refuse' } })
    const run = () => parseClientMetadata({ redirect_uris, 'a"b\n': 1 }, settings, privileges)
    expect(rejection(run)).toMatchObject({
      description: 'unknown member of client metadata',
      details: { member: 'a member' },
    })
  })
})
