import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../lib/json.ts'
import { parseReport } from '../../lib/record-use.ts'

const now = 1_800_000_000
const parse = (clients: unknown) => parseReport({ clients } as JsonObject, now)
const use = (client_id: string, used_at: unknown) => ({ client_id, used_at })

describe('a report of use', () => {
  test('has one use for each client, its latest', () => {
    expect(parse([use('a', now - 60), use('b', now), use('a', now - 1), use('a', 0)])).toEqual([
      use('a', now - 1),
      use('b', now),
    ])
    expect(parse([])).toEqual([])
  })

  test('may be ahead of the clock by a minute, which counts as now', () => {
    expect(parse([use('a', now + 60)])).toEqual([use('a', now)])
    expect(() => parse([use('a', now), use('b', now + 61)])).toThrow(
      'clients.1.used_at: is in the future',
    )
  })

  test('has at most 500 clients', () => {
    const clients = Array.from({ length: 501 }, (_, index) => use(`c${index}`, now))
    expect(parse(clients.slice(1))).toHaveLength(500)
    expect(() => parse(clients)).toThrow('clients: expected at most 500 clients')
  })

  test.each<[unknown, string]>([
    [null, 'clients: expected a list of clients'],
    [{}, 'clients: expected a list of clients'],
    [[[]], 'clients.0: expected an object'],
    [[use('a b', now)], 'clients.0.client_id: expected a client identifier'],
    [[use('a', 'now')], 'clients.0.used_at: expected Unix seconds'],
    [[use('a', 1.5)], 'clients.0.used_at: expected Unix seconds'],
    [[use('a', -1)], 'clients.0.used_at: expected Unix seconds'],
    [[{ client_id: 'a' }], 'clients.0.used_at: expected a value'],
  ])('is rejected with the clients %j, whose place the error names', (clients, message) => {
    expect(() => parse(clients)).toThrow(message)
  })
})
