import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { cleansed } from '../../functions/log.ts'
import { countRoundTrip, currentTrace, note, traced } from '../../functions/trace.ts'

describe('what is noted of a request', () => {
  test('requests that are answered side by side do not mix', async () => {
    const answer = (client_id: string, pause: number) =>
      traced(client_id, async () => {
        await setTimeout(pause)
        note({ client_id })
        await setTimeout(pause)
        note({ owner: `owner of ${client_id}` })
        countRoundTrip({ command: 'GetItemCommand', milliseconds: pause })
        return currentTrace()
      })
    const pauses = [8, 5, 2, 1]
    const traces = await Promise.all(pauses.map((pause, index) => answer(`c${index}`, pause)))
    expect(traces).toMatchObject(
      pauses.map((milliseconds, index) => ({
        request_id: `c${index}`,
        notes: { client_id: `c${index}`, owner: `owner of c${index}` },
        dynamodb: { roundTrips: 1, milliseconds },
      })),
    )
  })

  test('outside a request nothing is noted, and nothing fails', () => {
    note({ client_id: 'nobody' })
    countRoundTrip({ command: 'GetItemCommand', milliseconds: 1 })
    expect(currentTrace()).toBeUndefined()
  })
})

describe('text into which something sent may have slipped', () => {
  const redacted = '[redacted]'

  test.each([
    ['a token', 'the token rat_abc.DEF-123_x is bad', `the token ${redacted} is bad`],
    ['a JWT', 'got eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.', `got ${redacted}`],
    ['a digest', `digest ${'0f'.repeat(32)}: no`, `digest ${redacted}: no`],
    ['a secret as a member', `${'aZ9_'.repeat(20)}: unknown`, `${redacted}: unknown`],
    ['what is not printable', 'a\u0000b\u001b[1mc\u00e9', 'a?b?[1mc?'],
    [
      'a sentence of ours',
      'redirect_uris: expected an https URL',
      'redirect_uris: expected an https URL',
    ],
  ])('%s', (_title, text, written) => {
    expect(cleansed(text)).toBe(written)
  })

  test('it is cut short', () => {
    expect(cleansed('to be '.repeat(100))).toHaveLength(300)
  })
})
