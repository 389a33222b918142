import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { baseUrl } from '../lib/endpoint-urls.ts'
import { disableClients } from '../lib/operator/disable-clients.ts'
import { changeDisableJob, getDisableJob, listDisableJobs } from '../lib/operator/disable-jobs.ts'
import type { Server } from '../lib/server.ts'
import { composeServer } from './compose-server.ts'
import { byPath } from './http/by-path.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { bearerToken, jsonBody, pageRequest, pathParameter, receivedAt } from './http/request.ts'
import { json } from './http/response.ts'

/** Milliseconds after which a request begins no other page; `deadline.ts` ends it after eight seconds. */
const sliceMs = 3_000

const sliceRequest = (event: APIGatewayProxyEventV2, { settings }: Server) => {
  const end = performance.now() + sliceMs
  return {
    bearer: bearerToken(event),
    body: jsonBody(event, settings.limits.body, 'invalid_request'),
    now: receivedAt(event),
    mayContinue: () => performance.now() < end,
  }
}

const idOf = (event: APIGatewayProxyEventV2) => ({ id: pathParameter(event, 'id') })

/** POST /clients/disable */
const create: Respond = async (event, server) => {
  const job = await disableClients(sliceRequest(event, server), server)
  const created = json(201, job)
  const location = `${baseUrl(server)}/disable-jobs/${job.id}`
  return { ...created, headers: { ...created.headers, location } }
}

/** GET /disable-jobs?limit=50&cursor=… */
const list: Respond = async (event, server) =>
  json(200, await listDisableJobs(pageRequest(event), server))

/** GET /disable-jobs/{id}?limit=50&cursor=… */
const show: Respond = async (event, server) =>
  json(200, await getDisableJob({ ...pageRequest(event), ...idOf(event) }, server))

/** POST /disable-jobs/{id} */
const change: Respond = async (event, server) => {
  const request = { ...sliceRequest(event, server), ...idOf(event) }
  return json(200, await changeDisableJob(request, server))
}

export const handler = endpoint(
  composeServer(['MASTER_TOKEN_SECRET']),
  byPath({
    '/clients/disable': { POST: ['disable_job.create', create] },
    '/disable-jobs': { GET: ['disable_job.list', list] },
    '/disable-jobs/{id}': {
      GET: ['disable_job.get', show],
      POST: ['disable_job.update', change],
    },
  }),
)
