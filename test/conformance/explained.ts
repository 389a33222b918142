type Explained = {
  readonly test: string
  /** The conditions that fail in it. */
  readonly conditions: readonly string[]
  readonly why: string
}

const byValue = 'oidc-provider 9 accepts request objects by value only'

/** Failures of the authorization server, not of this service. */
export const explained: readonly Explained[] = [
  {
    test: 'oidcc-request-uri-unsigned',
    conditions: ['CheckDiscEndpointRequestUriParameterSupported'],
    why: byValue,
  },
  {
    test: 'oidcc-request-uri-signed-rs256',
    conditions: [
      'CheckDiscEndpointRequestUriParameterSupported',
      'CheckIfAuthorizationEndpointError',
    ],
    why: byValue,
  },
]
