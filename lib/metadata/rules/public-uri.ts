import { isPublicAddress } from '../../adapters/https/public-address.ts'
import { isLoopback } from './loopback.ts'
import { InvalidValue, type Rule } from './rule.ts'
import { httpsUri, httpUri } from './uri.ts'

/** The address that a host is written as; undefined for a name. */
const literalAddress = ({ hostname }: URL): string | undefined =>
  /^\[(.+)\]$/.exec(hostname)?.[1] ?? (/^[\d.]+$/.test(hostname) ? hostname : undefined)

/** Names are judged when they are resolved, by whoever calls them. */
function isInternal(url: URL): boolean {
  const address = literalAddress(url)
  return isLoopback(url) || (address !== undefined && !isPublicAddress(address))
}

/**
 * A URI that servers call: a stranger must not make them call their own network, so that no localhost and no literal of a
 * special-use address (RFC 6890) is accepted, unless settings allow it or this service runs on loopback itself.
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
