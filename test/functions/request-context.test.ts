import { setTimeout } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { log, redact } from '../../functions/log.ts'
import {
  annotate,
  countRoundTrip,
  currentRequest,
  withRequestContext,
} from '../../functions/request-context.ts'

describe('the fields of a request', () => {
  test('do not mix where requests are handled concurrently', async () => {
    const answer = (client_id: string, pause: number) =>
      withRequestContext(client_id, async () => {
        await setTimeout(pause)
        annotate({ client_id })
        await setTimeout(pause)
        annotate({ owner: `owner of ${client_id}` })
        countRoundTrip({ command: 'GetItemCommand', milliseconds: pause })
        return currentRequest()
      })
    const pauses = [8, 5, 2, 1]
    const traces = await Promise.all(pauses.map((pause, index) => answer(`c${index}`, pause)))
    expect(traces).toMatchObject(
      pauses.map((milliseconds, index) => ({
        request_id: `c${index}`,
        annotations: { client_id: `c${index}`, owner: `owner of c${index}` },
        dynamodb: { roundTrips: 1, milliseconds },
      })),
    )
  })

  test('are dropped outside a request, and nothing fails', () => {
    annotate({ client_id: 'nobody' })
    countRoundTrip({ command: 'GetItemCommand', milliseconds: 1 })
    expect(currentRequest()).toBeUndefined()
  })
})

describe('text that may contain what a client sent', () => {
  const redacted = '[redacted]'

  test.each([
    ['a token', `the token rat_${'z'.repeat(43)} is bad`, `the token ${redacted} is bad`],
    ['a JWT', 'got eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.', `got ${redacted}`],
    ['a digest', `digest ${'0f'.repeat(32)}: no`, `digest ${redacted} no`],
    ['a short secret', `${'aZ9_'.repeat(8)} is unknown`, `${redacted} is unknown`],
    ['a secret as base64', `got Pq/${'Yz+'.repeat(9)}==, no`, `got ${redacted} no`],
    [
      'a secret of any characters',
      'got x!$q(k)"w;e:r,t\'y/u<i>o[p]a{s}d, no',
      `got ${redacted} no`,
    ],
    ['a name of ours', 'ProvisionedThroughputExceeded', 'ProvisionedThroughputExceeded'],
    ['what is not printable', 'a\u0000b\u001b[1mc\u00e9', 'a?b?[1mc?'],
    [
      'a sentence of ours',
      'redirect_uris: expected an https URL',
      'redirect_uris: expected an https URL',
    ],
  ])('is redacted of all but our own words: %s', (_title, text, written) => {
    expect(redact(text)).toBe(written)
  })

  test('of a stack is logged without the message, even where that looks like a stack', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    log.fault('a fault', new Error('sent\n    at what.was (/sent:1:2)'))
    const line = JSON.parse(String(write.mock.lastCall?.[0]))
    write.mockRestore()
    expect(line.fault.stack).toMatch(/^at .*request-context\.test\.ts:\d+:\d+/)
    expect(line.fault.stack).not.toContain('what.was')
  })

  test('is cut short', () => {
    expect(redact('to be '.repeat(100))).toHaveLength(300)
  })
})
