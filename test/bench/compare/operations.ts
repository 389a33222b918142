import type { Job } from './job.ts'
import { type Request, toEvent } from './requests.ts'

type Handler = (event: object, context: object) => Promise<object>

type Registered = {
  readonly client_id: string
  readonly client_secret: string
  registration_access_token: string
}

/** The metadata of an ordinary client. The tests' would bring code of ours into both processes. */
const ordinary = {
  client_name: 'An ordinary client',
  redirect_uris: ['https://client.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile',
}

/** The three operations that both services have, as calls of their Lambda handlers. */
export function operationsOf(job: Job, handler: Handler) {
  const { registrationPath: path, input, operatorToken } = job
  const registerBy = (bearer: string) =>
    call(handler, { method: 'POST', path, bearer, body: ordinary }, 201) as Promise<Registered>
  const register = () => registerBy(input)

  /** Registers a client, to read and update. */
  async function client() {
    const configuration: Handler = (await import(job.configurationFile)).handler
    const registered = await register()
    const { client_id, client_secret } = registered
    const at = () => ({
      path: `${path}/${client_id}`,
      bearer: registered.registration_access_token,
    })
    const keepToken = ({ registration_access_token }: Registered) => {
      registered.registration_access_token = registration_access_token
    }
    const body = { ...ordinary, client_id, client_secret }
    return {
      read: async () =>
        keepToken((await call(configuration, { method: 'GET', ...at() }, 200)) as Registered),
      update: async () =>
        keepToken((await call(configuration, { method: 'PUT', ...at(), body }, 200)) as Registered),
    }
  }
  return {
    register,
    ...(operatorToken && { registerByOperator: () => registerBy(operatorToken) }),
    client,
  }
}

async function call(handler: Handler, request: Request, expected: number): Promise<unknown> {
  const context = { awsRequestId: 'compare', callbackWaitsForEmptyEventLoop: true }
  const answer = await handler(toEvent(request), context)
  const { statusCode, body } = answer as { statusCode: number; body: string }
  if (statusCode !== expected) throw new Error(`${request.method}: ${statusCode} ${body}`)
  return JSON.parse(body)
}
