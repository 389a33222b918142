import { describe, expect, test } from 'vitest'
import { profiles } from '../../../lib/settings/profiles.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { problemsOf } from '../../support/problems-of.ts'

const digest = { clientSecret: { storage: 'digest' } }

describe('metadata settings', () => {
  test.each(Object.keys(profiles))('are valid under the profile %s', (profile) => {
    expect(problemsOf({ profile })).toEqual([])
  })

  test('are valid after they were validated', () => {
    const metadata = { unknown: { allow: { tier: { type: 'string', enum: ['a'] } } } }
    const settings = parseSettings({ metadata })
    expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings)
  })

  test.each([
    [
      { ...digest, metadata: { tokenEndpointAuthMethods: ['client_secret_jwt'] } },
      'clientSecret.storage: contradicts metadata.tokenEndpointAuthMethods: client_secret_jwt needs storage: encrypted',
    ],
    [
      { ...digest, metadata: { idTokenSigningAlgs: ['RS256', 'HS256'] } },
      'clientSecret.storage: contradicts metadata.idTokenSigningAlgs: HS256 needs storage: encrypted',
    ],
    [
      { ...digest, metadata: { userinfoEncryptionAlgs: ['dir'] } },
      'clientSecret.storage: contradicts metadata.userinfoEncryptionAlgs: dir needs storage: encrypted',
    ],
    [
      { ...digest, discovery: { id_token_signing_alg_values_supported: ['HS256'] } },
      'clientSecret.storage: contradicts metadata.idTokenSigningAlgs: HS256 needs storage: encrypted',
    ],
    [
      { clientSecret: { bytes: 32 }, metadata: { idTokenSigningAlgs: ['HS256', 'HS512'] } },
      'clientSecret.bytes: contradicts metadata.idTokenSigningAlgs: HS512 needs at least 64 bytes',
    ],
    [
      { metadata: { requireSignedRequestObject: true, requestObjectSigningAlgs: ['none'] } },
      'metadata.requireSignedRequestObject: contradicts metadata.requestObjectSigningAlgs',
    ],
  ])('contradict each other: %j', (input, problem) => {
    expect(problemsOf(input)).toContain(problem)
  })

  test.each([
    [{ idTokenSigningAlgs: ['RS257'] }, 'metadata.idTokenSigningAlgs.0: expected one of RS256, '],
    [
      { introspectionSigningAlgs: ['none'] },
      'metadata.introspectionSigningAlgs.0: expected one of ',
    ],
    [
      { backchannelAuthenticationRequestSigningAlgs: ['HS256'] },
      'metadata.backchannelAuthenticationRequestSigningAlgs.0: expected one of ',
    ],
    [{ subjectTypes: ['private'] }, 'metadata.subjectTypes.0: expected one of public, pairwise'],
    [{ documents: 'maybe' }, 'metadata.documents: '],
    [{ unknown: 'keep' }, 'metadata.unknown: expected drop, refuse or { allow: '],
    [{ unknown: { allow: { a: { type: 'date' } } } }, 'metadata.unknown'],
    [
      { redirectUris: { hosts: ['Client.example'] } },
      'metadata.redirectUris.hosts.0: expected a host',
    ],
    [{ redirectUris: { schemes: ['a:'] } }, 'metadata.redirectUris.schemes.0: expected a scheme'],
    [
      { redirectUris: { host: [] } },
      'metadata.redirectUris.host: unknown setting; known here: hosts',
    ],
    [{ idTokenSigningAlg: [] }, 'metadata.idTokenSigningAlg: unknown setting; known here: '],
  ])('are rejected: %j', (metadata, problem) => {
    expect(problemsOf({ metadata }).map((line) => line.slice(0, problem.length))).toContain(problem)
  })
})
