import type { CoveredClient } from '../../ports/clean-up-store.ts'

/** A condition, and its values. */
export type AsRead = {
  readonly ConditionExpression: string
  readonly ExpressionAttributeValues: Record<string, unknown>
}

const times = ['due_at', 'last_used_at', 'stale_at', 'pending_at'] as const

/** The condition that a client was neither used, nor revived, decided on or moved since it was read. */
export function asRead(client: CoveredClient): AsRead {
  const set = times.filter((name) => client[name] !== undefined)
  return {
    ConditionExpression: times
      .map((name) =>
        set.includes(name) ? `${name} = :read_${name}` : `attribute_not_exists(${name})`,
      )
      .join(' AND '),
    ExpressionAttributeValues: Object.fromEntries(
      set.map((name) => [`:read_${name}`, client[name]]),
    ),
  }
}
