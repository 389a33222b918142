import { afterEach, expect, test, vi } from 'vitest'
import { log } from '../../functions/log.ts'

const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
afterEach(() => vi.unstubAllEnvs())

const lastLine = () => JSON.parse(String(write.mock.lastCall?.[0]))

test('a line names the trace of its invocation', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8')
  log.info('an event', { count: 1 })
  expect(lastLine()).toEqual({
    level: 'INFO',
    message: 'an event',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    service: 'client-registration',
    xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
    count: 1,
  })
})

test('a line names no trace where nothing is traced', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', undefined)
  log.info('an event', {})
  expect(lastLine()).not.toHaveProperty('xray_trace_id')
})

test('a line ends with a newline and has none inside', () => {
  log.info('an event', { text: 'first\nsecond' })
  expect(write.mock.lastCall?.[0]).toMatch(/^[^\n]+\n$/)
})
