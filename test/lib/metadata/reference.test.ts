import { expect, test } from 'vitest'
import { committed, reference } from './reference.ts'

test('lib/metadata/reference.md is current (node test/lib/metadata/reference.ts writes it)', () => {
  expect(committed()).toBe(reference())
})
