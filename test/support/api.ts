import { type Service, startService } from '../../cdk/local/service.ts'
import type { ServiceOptions } from '../../cdk/local/service-options.ts'

type Json = Record<string, unknown>

export type ApiAnswer = {
  readonly status: number
  readonly headers: Headers
  /** The JSON body; an empty object where there is none. */
  readonly body: Json & { readonly error?: string; readonly error_description?: string }
}

export type ApiRequest = {
  readonly method?: string
  readonly bearer?: string | undefined
  readonly headers?: Record<string, string>
  /** A JSON value, or text that is sent as it is. */
  readonly body?: unknown
}

export type Api = {
  readonly service: Service
  /** Everything the Lambdas wrote. */
  readonly log: readonly string[]
  call(path: string, request?: ApiRequest): Promise<ApiAnswer>
  initialAccessToken(body?: Json): Promise<string>
  /** Registers a client by a fresh initial access token. */
  register(body?: Json): Promise<RegisteredAnswer>
}

export type RegisteredAnswer = {
  readonly client_id: string
  readonly token: string
  /** Path of the client configuration endpoint. */
  readonly path: string
  readonly body: Json
}

/** The synthesized service, served on loopback, as a client sees it. */
export async function startApi(options: ServiceOptions = {}): Promise<Api> {
  const log: string[] = []
  const service = await startService({ ...options, log: (line) => log.push(line) })

  async function call(
    path: string,
    { method = 'GET', bearer, headers = {}, body }: ApiRequest = {},
  ) {
    const response = await fetch(new URL(path, service.url), {
      method,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      redirect: 'manual',
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : JSON.parse(text),
    }
  }

  async function initialAccessToken(body: Json = {}) {
    const request = { method: 'POST', bearer: service.masterToken, body }
    const answer = await call('/initial-access-tokens', request)
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
    return String(answer.body.access_token)
  }

  async function register(body: Json = { redirect_uris: ['https://client.example/callback'] }) {
    const bearer = await initialAccessToken()
    const answer = await call(service.registrationEndpoint, { method: 'POST', bearer, body })
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body))
    const { client_id, registration_access_token, registration_client_uri } = answer.body
    return {
      client_id: String(client_id),
      token: String(registration_access_token),
      path: new URL(String(registration_client_uri)).pathname,
      body: answer.body,
    }
  }

  return { service, log, call, initialAccessToken, register }
}
