import type { Check } from './check.ts'
import { redirectUrisProblem } from './redirect-uris.ts'

export const extensionChecks = {
  /** UMA 2.0 Grant §3.3.2: a browser is redirected there, as to a redirect URI. */
  claimsRedirectUrisForApplication: (metadata, settings) =>
    redirectUrisProblem('claims_redirect_uris', metadata, settings),
} satisfies Record<string, Check>
