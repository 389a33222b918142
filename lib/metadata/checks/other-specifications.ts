import type { Check } from './check.ts'
import { redirectUrisProblem } from './redirect-uris.ts'

export const otherSpecificationChecks = {
  /**
   * UMA 2.0 Grant §3.3.2: the browser is redirected to it, so the rules for redirect URIs apply.
   */
  claimsRedirectUrisForApplication: (metadata, settings) =>
    redirectUrisProblem('claims_redirect_uris', metadata, settings),
} satisfies Record<string, Check>
