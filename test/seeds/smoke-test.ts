import { type Service, startService } from '../../cdk/local/service.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'

export type WalkRequest = {
  readonly method?: string
  readonly url: string
  readonly bearer?: unknown
  /** Any other header. */
  readonly headers?: Readonly<Record<string, string>>
  /** A JSON value, or a form. */
  readonly body?: object
}

/** The JSON body of an answer; an empty object where there is none. */
export type Answer = Readonly<Record<string, unknown>>

/** Serves these settings during a walkthrough; the process fails if a step does. */
export async function walk(
  settings: SettingsInput,
  story: (service: Service) => Promise<void>,
): Promise<void> {
  const service = await startService({ settings })
  try {
    await story(service)
    console.log('The walk went as expected.')
  } finally {
    await service.close()
  }
}

/** One step of a walkthrough: says what is done, does it, and shows the answer. Throws where its status is another. */
export async function step(says: string, request: WalkRequest, status: number): Promise<Answer> {
  const { method = 'GET', url, body } = request
  const sent = body && !(body instanceof URLSearchParams) ? JSON.stringify(body) : body
  const headers = headersOf(request)
  console.log(`${says}\n  ${method} ${url}${sent ? ` ${sent}` : ''}`)
  if (headers.authorization) console.log(`  Authorization: ${redacted(headers.authorization)}`)
  const response = await fetch(url, { method, headers, body: sent ?? null })
  const text = (await response.text()).trim()
  console.log(`  ${response.status} ${text}\n`)
  if (response.status !== status)
    throw new Error(`${says} Expected ${status}, was answered ${response.status}.`)
  return text === '' ? {} : JSON.parse(text)
}

function headersOf({ bearer, headers, body }: WalkRequest): Record<string, string> {
  return {
    ...(typeof bearer === 'string' && { authorization: `Bearer ${bearer}` }),
    ...(body && !(body instanceof URLSearchParams) && { 'content-type': 'application/json' }),
    ...headers,
  }
}

/** Enough to find the answer that the credentials came with, and too little to use them. */
function redacted(authorization: string): string {
  const [scheme, credentials = ''] = authorization.split(' ')
  return `${scheme} ${credentials.slice(0, 4)}…${credentials.slice(-4)}`
}

/** How the client of an answer is managed: its configuration endpoint, with its latest token. */
export const managing = (answer: Answer) => ({
  url: String(answer.registration_client_uri),
  bearer: answer.registration_access_token,
})
