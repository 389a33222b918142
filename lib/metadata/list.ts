import type { Settings } from '../settings/schema.ts'
import { Refused, type Rule } from './rule.ts'

type Listing = {
  /** What a value must be, where the item's own words do not tell it. */
  readonly expects?: string
  /** The fewest and the most items that are accepted. */
  readonly least?: number
  readonly most?: (settings: Settings) => number
}

/** An array whose items all obey one rule; what stands twice is kept once. */
export function list<T>(
  item: Rule<T>,
  { expects, least = 0, most = () => 100 }: Listing = {},
): Rule<readonly T[]> {
  const says = expects ?? `an array, each item ${item.expects}`
  return {
    expects: says,
    parse(value, settings) {
      if (!Array.isArray(value)) throw new Refused(`expected ${says}`)
      if (value.length < least) throw new Refused(`expected at least ${least} item`)
      if (value.length > most(settings))
        throw new Refused(`expected at most ${most(settings)} items`)
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
    if (error instanceof Refused) throw new Refused(`item ${index + 1}: ${error.message}`)
    throw error
  }
}
