/** The application's part of the MCP SDK's authorization, of either major version. It stops where a user would sign in. */
export class Provider {
  registered: { readonly client_id: string } | undefined
  authorizationUrl: URL | undefined
  #verifier = ''

  readonly redirectUrl = 'http://127.0.0.1:3334/oauth/callback'

  readonly clientMetadata = {
    client_name: 'MCP TypeScript SDK',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  }

  clientInformation() {
    return this.registered
  }

  saveClientInformation(registered: { readonly client_id: string }) {
    this.registered = registered
  }

  tokens() {
    return undefined
  }

  saveTokens() {
    throw new Error('nobody signed in')
  }

  redirectToAuthorization(url: URL) {
    this.authorizationUrl = url
  }

  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier
  }

  codeVerifier() {
    return this.#verifier
  }

  /** Whether the SDK registered, and then asked for authorization as the client that it got. */
  isRegistered(): boolean {
    const client_id = this.authorizationUrl?.searchParams.get('client_id')
    return client_id !== undefined && client_id === this.registered?.client_id
  }
}
