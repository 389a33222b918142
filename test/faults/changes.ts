import { isDeepStrictEqual } from 'node:util'
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'

type Item = Readonly<Record<string, unknown>>

/** All items of a table by key. */
export type Snapshot = ReadonlyMap<string, Item>

export async function snapshot(
  documents: DynamoDBDocumentClient,
  TableName: string,
): Promise<Snapshot> {
  const { Items = [] } = await documents.send(new ScanCommand({ TableName, ConsistentRead: true }))
  return new Map(Items.map((item) => [String(item.pk), item]))
}

/**
 * What differs between two snapshots, without the random parts: `+CLIENT`, `-IAT`,
 * `+OWNER clients 1`, `IAT uses_left -1`, `CLIENT metadata`.
 */
export function changes(before: Snapshot, after: Snapshot): readonly string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])]
  return keys.flatMap((key) => itemChanges(key, before.get(key), after.get(key))).sort()
}

function itemChanges(key: string, before: Item | undefined, after: Item | undefined): string[] {
  const [kind = ''] = key.split('#')
  if (before === undefined) return [`+${kind}${counter(after)}`]
  if (after === undefined) return [`-${kind}`]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => `${kind} ${attributeName(name)}${difference(before[name], after[name])}`)
}

/** How many clients a new item counts. */
const counter = (item: Item | undefined) =>
  item?.clients === undefined ? '' : ` clients ${item.clients}`

/** A token keeps the write that consumed it in one of sixteen attributes, chosen by chance. */
const attributeName = (name: string) => name.replace(/^spent_by_\d+$/, 'write_id')

const difference = (before: unknown, after: unknown) =>
  typeof before === 'number' && typeof after === 'number'
    ? ` ${after > before ? '+' : ''}${after - before}`
    : ''
