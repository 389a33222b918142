import { describe, expect, test } from 'vitest'
import { isObject } from '../../../lib/json.ts'
import { profiles } from '../../../lib/settings/profiles.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { problemsOf } from '../../support/problems-of.ts'
import { committedReference, settingsReference } from './reference.ts'

const key = { kty: 'OKP', crv: 'Ed25519', x: 'a'.repeat(43) }
const signer = { issuer: 'https://as.example', jwks: { keys: [key] } }

/** The paths of all groups of settings. */
const groupsOf = (settings: object, path = ''): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) =>
    isObject(value) ? [`${path}${name}`, ...groupsOf(value, `${path}${name}.`)] : [],
  )

describe('settings', () => {
  test('are the defaults where there are none', () => {
    expect(parseSettings({})).toMatchObject({
      registration: 'scoped',
      registrationScope: 'client-reg',
      trustedRegistrationScope: 'realm',
      initialAccessToken: { lifetime: 86_400, maxUses: 1, consumed: 'on_success', static: false },
      registrationAccessToken: {
        lifetime: 2_592_000,
        rotateOn: ['update'],
        reuseWindow: 0,
      },
      clientSecret: { bytes: 64, lifetime: 0, storage: 'encrypted' },
    })
  })

  test.each([
    ['an unknown key', { color: 1 }, /^color: unknown setting; known here: profile, issuer, /],
    [
      'an unknown key in a group',
      { clientSecret: { size: 1 } },
      /^clientSecret\.size: unknown setting; known here: bytes, alphabet, lifetime, overlap, storage$/,
    ],
    [
      'a wrong word',
      { registration: 'open' },
      /^registration: .*"scoped" \| "token" \| "dynamic" \| "disabled"/,
    ],
    [
      'a wrong number',
      { registrationAccessToken: { reuseWindow: 301 } },
      /^registrationAccessToken\.reuseWindow: expected a whole number from 0 to 300$/,
    ],
    ['text for a group', { limits: 'none' }, /^limits: expected an object$/],
    ['null for a group', { limits: null }, /^limits: expected an object$/],
    ['a list for members', { discovery: [] }, /^discovery: expected an object$/],
    [
      'a list for custom members',
      { metadata: { unknown: { allow: [] } } },
      /^metadata\.unknown: expected drop, refuse or /,
    ],
    [
      'a list for the settings of a policy',
      { policySettings: { 'allowed-scopes': [] } },
      /^policySettings\.allowed-scopes: expected an object$/,
    ],
    [
      'a list for an issuer',
      { signedRequest: { issuers: [[]] } },
      /^signedRequest\.issuers\.0: expected an object$/,
    ],
    ['an unknown profile', { profile: 'keycloak' }, /^profile: .*"anvil-connect"/],
    ['http for an issuer', { issuer: 'http://as.example' }, /^issuer: expected an https URL/],
    [
      'a trailing slash',
      { baseUrl: 'https://api.example/' },
      /^baseUrl: expected no trailing slash$/,
    ],
    [
      'a path without slash',
      { registrationPath: 'register' },
      /^registrationPath: expected a path such as/,
    ],
    [
      'a window without rotation',
      { registrationAccessToken: { rotateOn: [], reuseWindow: 1 } },
      /reuseWindow: contradicts rotateOn/,
    ],
    [
      'disabling on reuse without rotation',
      { registrationAccessToken: { rotateOn: [], onReuse: 'disable' } },
      /onReuse: contradicts rotateOn/,
    ],
    [
      'a required statement of nobody',
      { softwareStatement: { required: true } },
      /^softwareStatement\.issuers: contradicts required/,
    ],
    [
      'a required signature of nobody',
      { signedRequest: { required: true } },
      /^signedRequest\.issuers: contradicts required/,
    ],
    [
      'software that nobody vouches for',
      { signedRequest: { issuers: 'software_statement' } },
      /^signedRequest\.issuers: software_statement needs softwareStatement\.issuers$/,
    ],
    [
      'another word for issuers',
      { signedRequest: { issuers: 'anybody' } },
      /^signedRequest\.issuers: expected a list, or software_statement$/,
    ],
    [
      'a typ as a whole media type',
      { softwareStatement: { typ: 'application/statement+jwt' } },
      /^softwareStatement\.typ: expected a typ in lower case, without application\/$/,
    ],
    [
      'no age at all',
      { signedRequest: { maxAge: 0 } },
      /^signedRequest\.maxAge: expected a whole number from 1 to/,
    ],
    [
      'a port that is none',
      { metadata: { documentPorts: [0] } },
      /^metadata\.documentPorts\.0: expected a whole number from 1 to 65535$/,
    ],
    [
      'an issuer without keys',
      { signedRequest: { issuers: [{ issuer: 'a' }] } },
      /^signedRequest\.issuers\.0: expected either jwks or jwksUri$/,
    ],
    [
      'an issuer with both',
      { signedRequest: { issuers: [{ ...signer, jwksUri: 'https://as.example/jwks' }] } },
      /expected either jwks or jwksUri/,
    ],
    [
      'a private key',
      { signedRequest: { issuers: [{ ...signer, jwks: { keys: [{ ...key, d: 'x' }] } }] } },
      /expected a JSON Web Key Set of public keys/,
    ],
    [
      'an algorithm with a shared key',
      { softwareStatement: { algorithms: ['HS256'] } },
      /^softwareStatement\.algorithms\.0: /,
    ],
    [
      'an access token issuer without audience',
      { accessTokenIssuers: [signer] },
      /^accessTokenIssuers\.0\.audience: /,
    ],
    [
      'members that we publish',
      { discovery: { issuer: 'x' } },
      /^discovery\.issuer: published by this service/,
    ],
    [
      'a policy without its settings',
      { policies: ['allowed-scopes'] },
      /^policies: allowed-scopes needs policySettings\.allowed-scopes$/,
    ],
    [
      'client_secret_jwt with digests',
      {
        clientSecret: { storage: 'digest' },
        metadata: { tokenEndpointAuthMethods: ['client_secret_jwt'] },
      },
      /client_secret_jwt needs storage: encrypted/,
    ],
    [
      'a forced member that no request could have',
      {
        policySettings: {
          'forced-members': { members: { jwks: { keys: [{ constructor: 'Set' }] } } },
        },
      },
      /forced-members\.members: expected JSON that a request could have/,
    ],
  ])('are rejected for %s, with what is allowed', (_, input, problem) => {
    expect(problemsOf(input).join('\n')).toMatch(problem)
  })

  test.each(groupsOf(parseSettings({})))('are rejected for a list for the group %s', (path) => {
    for (const list of [[], [1]]) {
      const input = path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), list)
      expect(problemsOf(input)).toEqual([`${path}: expected an object`])
    }
  })

  test.each(Object.keys(profiles))(
    'override those of the profile %s, which are valid',
    (profile) => {
      expect(problemsOf({ profile })).toEqual([])
      const own = { profile, registrationAccessToken: { lifetime: 60 } }
      const { lifetime, rotateOn } = parseSettings(own).registrationAccessToken
      expect(lifetime).toBe(60)
      expect(rotateOn).toEqual(parseSettings({ profile }).registrationAccessToken.rotateOn)
    },
  )

  test('have a current reference page', () => {
    expect(committedReference()).toBe(settingsReference())
  })
})
