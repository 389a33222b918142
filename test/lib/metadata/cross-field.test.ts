import { describe, expect, test } from 'vitest'
import { OAuthError } from '../../../lib/errors.ts'
import type { JsonObject } from '../../../lib/json.ts'
import { consistency } from '../../../lib/metadata/checks/cross-field-checks.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { acrossMembers, everything } from './cross-field.ts'

const settings = parseSettings(everything)

const sent = (metadata: JsonObject) =>
  Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined))

const parse = (metadata: JsonObject) =>
  parseClientMetadata(sent(metadata), settings, { allowEmptyGrantTypes: false })

const rejectionOf = (metadata: JsonObject) => {
  try {
    return parse(metadata)
  } catch (error) {
    return error
  }
}

describe.each(Object.entries(acrossMembers))(
  '%s',
  (name, { section, says, accepted, rejected }) => {
    test.each(accepted)(`accepts %j (${section})`, (metadata) => {
      expect(parse(metadata)).toMatchObject(sent(metadata))
    })

    test.each(rejected)(`rejects %j (${says})`, (metadata) => {
      const error = rejectionOf(metadata)
      expect(error).toBeInstanceOf(OAuthError)
      if (!(error instanceof OAuthError)) return
      const codes = { redirectUrisForRedirects: 0, redirectUrisForApplication: 0 }
      expect(error.code).toBe(name in codes ? 'invalid_redirect_uri' : 'invalid_client_metadata')
      expect(error.description).toMatch(/^[a-z_]+: [\x20-\x7e]+$/)
    })

    test('is the rule that rejects its examples', () => {
      const rule = Object.entries(consistency).find(([own]) => own === name)?.[1]
      const descriptions = rejected.map((metadata) => {
        const { description } = rejectionOf(metadata) as OAuthError // as seen above
        return description
      })
      const own = rejected.flatMap((metadata) => {
        const filled = {
          grant_types: ['authorization_code'],
          response_types: ['code'],
          application_type: 'web',
          token_endpoint_auth_method: 'client_secret_basic',
          ...sent(metadata),
        }
        return rule?.(filled as Parameters<typeof rule>[0], settings) ?? []
      })
      expect(descriptions).toEqual(own)
    })
  },
)
