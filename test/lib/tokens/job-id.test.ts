import { expect, test } from 'vitest'
import { generateJobId, isJobId } from '../../../lib/tokens/job-id.ts'

test('the id of a job is random, and sixteen hexadecimal digits', () => {
  const ids = Array.from({ length: 100 }, generateJobId)
  expect(new Set(ids).size).toBe(100)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/)
  expect(ids.every(isJobId)).toBe(true)
})

test.each(['', '0123456789abcde', '0123456789abcdef0', '0123456789ABCDEF', 'not hexadecimal!'])(
  '%j is no id of a job',
  (text) => {
    expect(isJobId(text)).toBe(false)
  },
)
