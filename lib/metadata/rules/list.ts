import type { Settings } from '../../settings/schema.ts'
import { InvalidValue, type Rule } from './rule.ts'

type Listing = {
  /** What a value must be, if the item's own description is not sufficient. */
  readonly expects?: string
  /** The min and max number of items. */
  readonly min?: number
  readonly max?: (settings: Settings) => number
}

/** An array whose items all follow one rule. Duplicates are removed. */
export function list<T>(
  item: Rule<T>,
  { expects, min = 0, max = () => 100 }: Listing = {},
): Rule<readonly T[]> {
  const message = expects ?? `an array, each item ${item.expects}`
  return {
    expects: message,
    shape: { items: item, min, max },
    parse(value, settings) {
      if (!Array.isArray(value)) throw new InvalidValue(`expected ${message}`)
      if (value.length < min) throw new InvalidValue(`expected at least ${min} item`)
      if (value.length > max(settings))
        throw new InvalidValue(`expected at most ${max(settings)} items`)
      const items = new Set<T>()
      for (const [index, sent] of value.entries()) {
        const accepted = parseItem(item, sent, index, settings)
        if (accepted !== undefined) items.add(accepted)
      }
      return [...items]
    },
  }
}

function parseItem<T>(item: Rule<T>, sent: unknown, index: number, settings: Settings) {
  try {
    return item.parse(sent, settings)
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error
    throw new InvalidValue(`item ${index + 1}: ${error.message}`)
  }
}
