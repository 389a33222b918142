/** The origins of these http and https redirect URIs, which may call the token endpoint (Fetch §3.3). */
export const webOrigins = (redirect_uris: readonly string[]): readonly string[] => [
  ...new Set(redirect_uris.flatMap(webOrigin)),
]

const webOrigin = (uri: string): readonly string[] => {
  const { protocol, origin } = new URL(uri)
  return protocol === 'https:' || protocol === 'http:' ? [origin] : []
}
