// biome-ignore lint/style/noRestrictedImports: compares addresses, and opens no connection
import { BlockList, isIP } from 'node:net'

/**
 * IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast and reserved ranges.
 * Client-supplied URLs must not reach any of these.
 */
const ipv4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, with the metadata services of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
]

/**
 * Only 2000::/3 is global unicast (RFC 4291 §2.4). These ranges inside it are not public or embed
 * an IPv4 address.
 */
const ipv6 = [
  '2001::/23', // protocol assignments, Teredo, ORCHID, benchmarks
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: embeds an IPv4 address
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
]

function blockList(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/')
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}

const special4 = blockList(ipv4, 'ipv4')
const special6 = blockList(ipv6, 'ipv6')
const globalUnicast = blockList(['2000::/3'], 'ipv6')

/**
 * Whether an IP address is on the public Internet. IPv4 addresses in IPv6 form (mapped, NAT64,
 * 6to4, Teredo) are not: they are outside 2000::/3 or in a range above.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, 'ipv4')
    case 6:
      return (
        !address.includes('%') &&
        globalUnicast.check(address, 'ipv6') &&
        !special6.check(address, 'ipv6')
      )
    default:
      return false
  }
}

/** The IP address if the host is a literal; undefined for a name. */
export const literalAddress = ({ hostname }: URL): string | undefined =>
  /^\[(.+)\]$/.exec(hostname)?.[1] ?? (/^[\d.]+$/.test(hostname) ? hostname : undefined)
