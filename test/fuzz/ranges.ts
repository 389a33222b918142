import ipaddr from 'ipaddr.js'

type Address = ReturnType<typeof ipaddr.parse>
type Range = readonly [Address, number]

/** The table of ipaddr.js, which its types leave out: a range, or a list of them, by name. */
function rangesOf(address: Address): readonly Range[] {
  const { SpecialRanges } = address as unknown as {
    readonly SpecialRanges: Readonly<Record<string, Range | readonly Range[]>>
  }
  const isRange = (entry: Range | readonly Range[]): entry is Range => typeof entry[1] === 'number'
  return Object.values(SpecialRanges).flatMap((entry) => (isRange(entry) ? [entry] : entry))
}

/** The first and the last address of a range, and their neighbors. */
function around([network, prefix]: Range): readonly string[] {
  const bytes = network.toByteArray()
  const bits = BigInt(bytes.length * 8)
  const first = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  const last = first | ((1n << (bits - BigInt(prefix))) - 1n)
  return [first - 1n, first, last, last + 1n]
    .filter((address) => address >= 0n && address < 1n << bits)
    .map((address) => {
      const hex = address.toString(16).padStart(Number(bits) / 4, '0')
      return ipaddr.fromByteArray([...Buffer.from(hex, 'hex')]).toString()
    })
}

/** The ends of every range that ipaddr.js knows, and their neighbors. */
export const edges = ['0.0.0.0', '::'].flatMap((address) =>
  rangesOf(ipaddr.parse(address)).flatMap(around),
)
