import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { describe, expect, test } from 'vitest'
import { requirePlainUtf8 } from '../../../functions/http/content.ts'
import { idempotencyKey } from '../../../functions/http/idempotency-key.ts'
import { bearerToken } from '../../../functions/http/request.ts'

/** Milliseconds of CPU to read a header that is rejected, or accepted after all. */
function cpuTime(read: () => unknown): number {
  const before = process.cpuUsage()
  try {
    read()
  } catch {
    // Whether it is accepted is not the question here.
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const event = (headers: object) => ({ headers, rawQueryString: '' }) as APIGatewayProxyEventV2
const long = 100_000

describe('the time to read a header', () => {
  // A pattern with two ways to read a space takes ten seconds for 100,000 of them.
  test.each([' ', '\t', 'a', '"', '\\', ',', ';charset=', '='])(
    'grows with its length and no faster: %j',
    (unit) => {
      for (const header of [
        unit.repeat(long),
        `identity,${unit.repeat(long)}x`,
        `a${unit.repeat(long)}b"`,
      ]) {
        expect(cpuTime(() => requirePlainUtf8({ 'content-encoding': header }))).toBeLessThan(300)
        expect(cpuTime(() => requirePlainUtf8({ 'content-type': header }))).toBeLessThan(300)
        expect(cpuTime(() => idempotencyKey(event({ 'idempotency-key': header })))).toBeLessThan(
          300,
        )
        expect(cpuTime(() => bearerToken(event({ authorization: header })))).toBeLessThan(300)
        expect(
          cpuTime(() => bearerToken(event({ authorization: `Bearer ${header}` }))),
        ).toBeLessThan(300)
      }
    },
  )
})
