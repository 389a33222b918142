import { isLoopback } from './loopback.ts'
import { isPublicAddress, literalAddress } from './public-address.ts'
import { InvalidValue, type Rule } from './rule.ts'
import { httpsUri, httpUri } from './uri.ts'

/** Names are checked when they are resolved, by the server that calls them. */
function isInternal(url: URL): boolean {
  const address = literalAddress(url)
  return isLoopback(url) || (address !== undefined && !isPublicAddress(address))
}

/**
 * A URI that servers call. To prevent SSRF, localhost and literals of special-use addresses (RFC
 * 6890) are rejected, unless settings allow them or this service itself runs on loopback.
 */
export const onPublicHost = (uri: Rule<string>): Rule<string> => ({
  expects: `${uri.expects}, on a public host`,
  parse(value, settings) {
    const sent = uri.parse(value, settings)
    if (sent !== undefined && !settings.metadata.allowInternalHosts && isInternal(new URL(sent)))
      throw new InvalidValue('expected a public host, not localhost or a special-use address')
    return sent
  },
})

export const publicHttpsUri = onPublicHost(httpsUri)
export const publicWebUri = onPublicHost(httpUri)
