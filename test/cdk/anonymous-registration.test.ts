import { App } from 'aws-cdk-lib'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { RegistrationStack } from '../../cdk/registration-stack.ts'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'

/** What synthesis says of a stage with these settings. */
function said(settings: StageSettingsInput): readonly unknown[] {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  const stack = new RegistrationStack(app, 'ClientRegistration-test', { settings })
  return Annotations.fromStack(stack)
    .findInfo('*', Match.stringLikeRegexp('anyone may register'))
    .map(({ entry }) => entry.data)
}

describe('synthesis', () => {
  test('says what anyone may register, where registration is dynamic', () => {
    expect(said({ registration: 'dynamic', anonymous: { scopes: ['tools'] } })).toEqual([
      expect.stringContaining(
        'the grant types authorization_code, refresh_token, the scopes tools and 4096 bytes',
      ),
    ])
  })

  test('says nothing of it where registration needs a token', () => {
    expect(said({ registration: 'token' })).toEqual([])
  })
})
