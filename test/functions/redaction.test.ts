import { expect, test } from 'vitest'
import { redact } from '../../functions/log.ts'

const secret = 'q8Zr3TnW5xYb7KdL1mVc9PsGh2JfA4eU'

test.each([
  [`policy said ${secret} to us`, 'policy said [redacted] to us'],
  [`token=rat_${'a'.repeat(43)}, twice`, '[redacted] twice'],
  [
    'the_policy_of_the_team/that-is-named.at.length',
    'the_policy_of_the_team/that-is-named.at.length',
  ],
  ['line\u0000with\u202Econtrols', 'line?with?controls'],
])('the text %j is logged as %j', (text, logged) => {
  expect(redact(text)).toBe(logged)
})

test('a text of a megabyte takes no longer than the part that is looked at', () => {
  for (const letter of ['a', 'a1', 'ey', 'a b'])
    expect(redact(letter.repeat(1_000_000)).length).toBeLessThanOrEqual(300)
})
