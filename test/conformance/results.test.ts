import { expect, test } from 'vitest'
import { explained } from './explained.ts'
import { isFailure } from './results.ts'
import type { Condition } from './suite-api.ts'

const failed = (...names: readonly string[]): readonly Condition[] =>
  names.map((name) => ({ result: 'FAILURE', name, message: '' }))

test.each(explained)('what is explained of $test counts as no failure', ({ test, conditions }) => {
  expect(isFailure({ name: test, result: 'FAILED', conditions: failed(...conditions) })).toBe(false)
})

test.each(explained)(
  'another condition that fails in $test is a failure',
  ({ test, conditions }) => {
    const more = failed(...conditions, 'CallDynamicRegistrationEndpoint')
    expect(isFailure({ name: test, result: 'FAILED', conditions: more })).toBe(true)
  },
)

test.each(['FAILED', 'WARNING', 'UNKNOWN'] as const)(
  '%s without an explanation is a failure',
  (result) => {
    expect(isFailure({ name: 'oidcc-server', result, conditions: [] })).toBe(true)
  },
)
