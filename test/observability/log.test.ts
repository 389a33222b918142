import { afterAll, describe, expect, test } from 'vitest'
import { clientErrorCodes } from '../../lib/errors.ts'
import { startWatched } from './fixture.ts'
import { faultLines, metricLines } from './line.ts'
import { cases } from './requests.ts'
import { tracesOf } from './secrets.ts'

const { api, fixture, seen, call, answered, lines } = await startWatched()
afterAll(() => api.service.close())

describe('the line of a request', () => {
  test.each(cases)('says what became of it: %s', async (_title, sent, expected) => {
    const { path, ...request } = await sent(fixture)
    const before = await lines()
    const { status, body } = await call(path, request)
    const [line, ...others] = (await lines()).slice(before.length)
    expect(others).toEqual([])
    expect({ conflict: undefined, ...line, status }).toMatchObject(expected)
    expect(line?.error).toBe(body.error)
    expect(line).toMatchObject({
      level: expected.outcome === 'fault' ? 'ERROR' : 'INFO',
      service: 'client-registration',
      duration_ms: expect.any(Number),
      dynamodb_ms: expect.any(Number),
      cold_start: expect.any(Boolean),
      request_id: expect.any(String),
      lambda_request_id: expect.any(String),
    })
  })

  test('is written once for each request, and every error code was among them', async () => {
    const all = await lines()
    expect(all).toHaveLength(answered())
    const codes = new Set(all.map(({ code }) => code))
    expect(clientErrorCodes.filter((code) => !codes.has(code))).toEqual([])
  })

  test('is structured, as is everything that is written', () => {
    expect(api.log.filter((line) => !line.startsWith('{'))).toEqual([])
  })

  test('says once for each instance that it was a cold start', async () => {
    const cold = (await lines()).filter(({ cold_start }) => cold_start)
    expect(cold.length).toBeGreaterThanOrEqual(5)
    expect(cold.length).toBeLessThan(answered())
  })
})

describe('the metrics of a request', () => {
  const total = (name: string) =>
    metricLines(api.log).reduce((sum, line) => sum + Number(line[name] ?? 0), 0)

  test('add up to what the lines say', async () => {
    const all = await lines()
    const count = (name: string, value: unknown) =>
      all.filter((line) => line[name] === value).length
    const done = (operation: string) =>
      all.filter((line) => line.operation === operation && line.outcome === 'ok').length
    const polled = all.filter(
      ({ operation, status }) => operation === 'registration.poll' && status === 201,
    ).length
    expect(polled).toBeGreaterThan(0)
    const notRegistered = count('deferred', true) + count('repeated', true) + count('dry_run', true)
    expect({
      pending: total('PendingRegistrations'),
      approved: total('ApprovedRegistrations'),
      rejected: total('RejectedRegistrations'),
      registrations: total('Registrations'),
      issued: total('InitialAccessTokensIssued'),
      consumed: total('InitialAccessTokensConsumed'),
      rotations: total('Rotations'),
      conflicts: total('RotationConflicts'),
      rejections: total('Rejections'),
      faults: total('Faults'),
    }).toEqual({
      pending: count('pending', true) + count('deferred', true),
      approved: count('decision', 'approved'),
      rejected: count('decision', 'rejected'),
      registrations: done('register') - notRegistered + polled,
      issued: done('initial_access_token.create'),
      consumed: count('consumed', true),
      rotations: count('rotated', true),
      conflicts: count('conflict', true),
      rejections: count('outcome', 'rejected'),
      faults: 2,
    })
    const milliseconds = all.reduce((sum, line) => sum + Number(line.dynamodb_ms), 0)
    expect(Math.abs(total('DynamoDBTime') - milliseconds)).toBeLessThan(0.1 * all.length)
  })

  test('have the dimensions service and stage, and rejections alone also the code', () => {
    const named = (names: readonly string[], Dimensions: readonly string[]) => ({
      Namespace: 'ClientRegistration',
      Dimensions: [Dimensions],
      Metrics: names.map((Name) => ({ Name, Unit: expect.any(String) })),
    })
    for (const line of metricLines(api.log)) {
      expect(line.stage).toBe('ClientRegistration-operate')
      const names = Object.keys(line).filter((name) => /^[A-Z]/.test(name))
      const byCode = named(['Rejections'], ['service', 'stage', 'code'])
      expect(line._aws.CloudWatchMetrics).toEqual([
        named(names, ['service', 'stage']),
        ...('Rejections' in line ? [byCode] : []),
      ])
    }
  })
})

describe('the log', () => {
  test('never contains a token, a secret or a digest of one', async () => {
    await lines()
    const written = api.log.join('\n')
    expect(seen.size).toBeGreaterThan(30)
    for (const secret of seen)
      for (const trace of tracesOf(secret)) expect(written.includes(trace), trace).toBe(false)
  })

  test('never contains a header, a body or a path', async () => {
    await lines()
    const written = api.log.join('\n')
    for (const sent of ['what I sent', 'what+I+sent', 'what I noted', 'Bearer ', 'not a uri'])
      expect(written).not.toContain(sent)
  })

  test('has a fault with its stack and its request, without what was read', () => {
    const [broken] = faultLines(api.log).filter(({ level }) => level === 'ERROR')
    expect(broken).toMatchObject({
      request_id: expect.any(String),
      fault: {
        name: 'Error',
        message: 'policy break-down failed',
        stack: expect.stringMatching(/at /),
      },
      caused_by: 'Error: a mistake',
    })
    expect(JSON.stringify(broken)).not.toContain('what was read"')
  })

  test('has each round trip at the level debug', () => {
    const line = api.log.find((each) => each.includes('"message":"dynamodb"'))
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      command: expect.stringMatching(/Command$/),
      milliseconds: expect.any(Number),
      request_id: expect.any(String),
    })
  })
})
