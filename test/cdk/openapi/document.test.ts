import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Endpoint, endpoints } from '../../../cdk/api/endpoints.ts'
import { openApiDocument } from '../../../cdk/openapi/document.ts'
import { clientErrorCodes } from '../../../lib/errors.ts'
import { profiles } from '../../../lib/settings/profiles.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { everything } from '../../lib/metadata/cross-field.ts'

const issuers = [{ issuer: 'x', jwksUri: 'https://issuer.example/jwks' }]

/** Settings under which documents differ. */
const stages: Readonly<Record<string, SettingsInput>> = {
  'the default settings': {},
  ...Object.fromEntries(
    Object.keys(profiles).map((profile) => [profile, { profile } as SettingsInput]),
  ),
  'disabled registration': { registration: 'disabled' },
  'everything supported': {
    ...everything,
    registration: 'dynamic',
    aliases: true,
    approval: 'draft',
  },
  'deferred registrations': { approval: 'draft', metadata: { unknown: 'refuse' } },
  'another path and issuer': {
    registrationPath: '/oauth2/register',
    issuer: 'https://as.example/tenant',
  },
  'signed requests': {
    signedRequest: { required: true, issuers },
    softwareStatement: { required: true, issuers },
    metadata: { unknown: 'refuse' },
  },
  'access tokens of operators, and members of its own': {
    accessTokenIssuers: [
      { issuer: 'x', audience: ['y'], jwksUri: 'https://issuer.example/jwks', administers: true },
    ],
    metadata: { unknown: { allow: { tier: { type: 'string', enum: ['a', 'b'] } } } },
    missingTokenStatus: 403,
    successStatus: 200,
  },
}

const documents = Object.entries(stages).map(([title, input]) => {
  const settings = parseSettings(input)
  return [title, openApiDocument(settings), settings] as const
})

describe.each(documents)('the OpenAPI document of a stage with %s', (_, document, settings) => {
  test('describes every method of every route, and nothing else', () => {
    const routed = Object.values<Endpoint>(endpoints)
      .flatMap(({ routes }) => Object.entries(routes(settings)))
      .flatMap(([path, methods]) =>
        methods.split(', ').map((method) => `${method} ${path === '$default' ? '/' : path}`),
      )
    const described = Object.entries(document.paths as object).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.sort()).toEqual(routed.sort())
  })
})

test('the OpenAPI document has every error but that of a method that it does not have', () => {
  const text = JSON.stringify(openApiDocument(parseSettings(stages['everything supported'])))
  const codes = [...clientErrorCodes, 'server_error', 'temporarily_unavailable']
  expect(codes.filter((code) => !text.includes(code))).toEqual(['method_not_allowed'])
})

test('the OpenAPI documents keep the rules of OpenAPI 3.1, as Redocly lints them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
  try {
    const files = documents.map(([, document], index) => {
      const file = join(folder, `${index}.json`)
      writeFileSync(file, JSON.stringify({ ...document, servers: [{ url: '/' }] }, null, 1))
      return file
    })
    // A redirect has no 2XX response.
    const options = ['--extends=recommended-strict', '--skip-rule=operation-2xx-response']
    const redocly = spawnSync('node_modules/.bin/redocly', ['lint', ...options, ...files], {
      encoding: 'utf8',
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    })
    expect([redocly.status, redocly.stdout]).toEqual([0, ''])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
