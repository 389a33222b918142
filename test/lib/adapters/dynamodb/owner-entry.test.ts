import { describe, expect, test } from 'vitest'
import { ownerEntry, parseOwnerEntry } from '../../../../lib/adapters/dynamodb/table.ts'

describe('an owner as it is stored', () => {
  test('is its name, or its issuer and its name', () => {
    expect(ownerEntry({ owner: 'alice', iss: undefined })).toBe('alice')
    const owner = { owner: 'alice', iss: 'https://i.example' }
    expect(ownerEntry(owner)).toBe('["https://i.example","alice"]')
    expect(parseOwnerEntry(ownerEntry(owner))).toEqual(owner)
  })

  test.each([
    'alice',
    '["https://i.example"',
    '["https://i.example", "alice"]',
    '["a","b","c"]',
    '["',
  ])('has no issuer if it is %s', (entry) => {
    expect(parseOwnerEntry(entry)).toBeUndefined()
  })
})
