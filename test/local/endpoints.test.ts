import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpoints } from '../../cdk/api/endpoints.ts'
import { parseSettings } from '../../lib/settings/settings.ts'
import { type Api, startApi } from '../support/api.ts'

const settings = { issuer: 'https://as.example/tenant', registrationPath: '/oauth2/register' }

let api: Api
beforeAll(async () => {
  api = await startApi({ settings })
})
afterAll(() => api?.service.close())

const routes = Object.values(endpoints).flatMap(({ routes }) =>
  Object.entries(routes(parseSettings(settings))).map(
    ([path, methods]) => [path === '$default' ? '/' : path, methods] as const,
  ),
)

describe('the methods of a path in the endpoint table are those that its Lambda allows', () => {
  test.each(routes)('%s allows %s', async (path, methods) => {
    const answer = await api.call(path.replaceAll(/\{\w+\}/g, 'x'), { method: 'OPTIONS' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, `${methods}, OPTIONS`])
  })
})
