import { describe, expect, test } from 'vitest'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { defects } from './defects.ts'
import { search } from './search.ts'

describe('the search for a history that could not have happened one call at a time', () => {
  test('finds none of the service, in some histories of all operations', async () => {
    const options = { endpoint: embeddedDynamodb, histories: 100, seed: 1, shrinks: true }
    const { impossible, histories, calls } = await search(options)
    expect(impossible).toBeUndefined()
    expect(histories).toBe(100)
    expect(calls).toBeGreaterThan(1_000)
  })

  test.each(defects.map((defect) => [defect.name, defect] as const))(
    'finds one of a store with %s',
    async (_, defect) => {
      const options = { endpoint: embeddedDynamodb, histories: 500, seed: 1, shrinks: false }
      const { impossible } = await search({ ...options, defect })
      expect(impossible).toContain('<- has no place')
    },
  )
})
