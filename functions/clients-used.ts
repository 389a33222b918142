import { reportUse } from '../lib/operator/report-use.ts'
import { composeServer } from './compose-server.ts'
import { byMethod } from './http/by-method.ts'
import { endpoint, type Respond } from './http/endpoint.ts'
import { bearerToken, jsonBody, receivedAt } from './http/request.ts'
import { json } from './http/response.ts'

/** Bytes of a report: five hundred of the longest identifiers fit, whatever `limits.body`. */
const maxBodyBytes = 262_144

/** POST /clients/used */
const report: Respond = async (event, server) => {
  const request = {
    bearer: bearerToken(event),
    body: jsonBody(event, maxBodyBytes, 'invalid_request'),
    now: receivedAt(event),
  }
  return json(200, await reportUse(request, server))
}

export const handler = endpoint(
  composeServer(['MASTER_TOKEN_SECRET']),
  byMethod({ POST: ['client.report_use', report] }),
)
