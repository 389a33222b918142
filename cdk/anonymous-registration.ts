import { Annotations } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { anonymousScopes } from '../lib/permission/anonymous-clients.ts'
import type { Settings } from '../lib/settings/settings.ts'

/** Prints, at synthesis, what anyone may register when registration is open to everyone. */
export function annotateAnonymousRegistration(scope: Construct, settings: Settings): void {
  if (settings.registration !== 'dynamic') return
  const { grantTypes, item } = settings.anonymous
  const scopes = anonymousScopes(settings)
  Annotations.of(scope).addInfo(
    `registration is dynamic: anyone may register clients without a token, with the grant types ${list(grantTypes)}, the scopes ${list(scopes)} and ${item} bytes of metadata. Change this in settings.anonymous.`,
  )
}

const list = (names: readonly string[]): string => names.join(', ') || 'none'
