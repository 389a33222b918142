import { describe, expect, test } from 'vitest'
import { type Interval, linearize } from './linearizability.ts'

type Call = Interval & { readonly write?: number; readonly read?: number }

/** A register of one number, 0 at first. */
const register = {
  initial: 0,
  step: (state: number, { write, read }: Call) =>
    write === undefined ? (read === state ? [state] : []) : [write],
}

const call = (begin: number, end: number, rest: Partial<Call>): Call => ({
  begin,
  end,
  isOptional: false,
  ...rest,
})

const isPossible = (...calls: Call[]) => linearize(calls, register).isLinearizable

describe('a history of one register', () => {
  test('is possible where a read during a write sees the value from before or after it', () => {
    for (const read of [0, 1])
      expect(isPossible(call(1, 4, { write: 1 }), call(2, 3, { read }))).toBe(true)
  })

  test('is impossible where a read after a write sees the value from before it', () => {
    expect(isPossible(call(1, 2, { write: 1 }), call(3, 4, { read: 0 }))).toBe(false)
  })

  test('is impossible where two reads see two concurrent writes in two orders', () => {
    const writes = [call(1, 8, { write: 1 }), call(1, 8, { write: 2 })]
    const reads = (...values: number[]) =>
      values.map((read, index) => call(2 * index + 1.1, 2 * index + 2, { read }))
    expect(isPossible(...writes, ...reads(1, 2))).toBe(true)
    expect(isPossible(...writes, ...reads(1, 2, 1))).toBe(false)
  })

  test('is possible where a write without a response took effect late, or never', () => {
    const write = call(1, Infinity, { write: 1, isOptional: true })
    expect(isPossible(write, call(2, 3, { read: 0 }), call(4, 5, { read: 1 }))).toBe(true)
    expect(isPossible(write, call(2, 3, { read: 0 }), call(4, 5, { read: 0 }))).toBe(true)
    expect(isPossible(write, call(2, 3, { read: 1 }), call(4, 5, { read: 0 }))).toBe(false)
  })

  test('is impossible where an optional write took effect after its end', () => {
    const write = call(1, 2, { write: 1, isOptional: true })
    expect(isPossible(write, call(3, 4, { read: 1 }))).toBe(true)
    expect(isPossible(write, call(3, 4, { read: 0 }), call(5, 6, { read: 1 }))).toBe(false)
  })

  test('has an order of its calls', () => {
    const calls = [call(1, 6, { read: 1 }), call(2, 5, { write: 1 })]
    expect(linearize(calls, register).order).toEqual([calls[1], calls[0]])
  })
})
