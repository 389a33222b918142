import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { baseUrl } from '../lib/endpoint-urls.ts'
import type { ServerConfig } from '../lib/server.ts'
import { openapiFile } from './environment.ts'
import type { Respond } from './http/endpoint.ts'
import { cacheable, type HttpResponse, json } from './http/response.ts'

/** Cached at the first request, so that a cold start for another document does not read the file. */
let answer: HttpResponse | undefined

/**
 * GET /openapi.json: the OpenAPI document that the CDK app bundled, with the URL of this API, which
 * only the deployed service knows.
 */
export const openapiDocument: Respond<ServerConfig> = async (_event, server) => {
  answer ??= cacheable(json(200, { ...bundled(), servers: [{ url: baseUrl(server) }] }))
  return answer
}

const bundled = (): object => JSON.parse(readFileSync(join(folder(), openapiFile), 'utf8'))

const folder = () => process.env.LAMBDA_TASK_ROOT ?? import.meta.dirname
