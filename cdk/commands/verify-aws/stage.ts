import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** A deployed stage to verify. */
export type Stage = {
  /** Base URL without a trailing slash. */
  readonly url: string
  /** Path of the registration endpoint. */
  readonly registrationPath: string
  readonly masterToken?: string | undefined
  /** Number of simultaneous requests that should trigger throttling; 0 skips the check. */
  readonly burst: number
  readonly send: (path: string, request?: Sent) => Promise<Answer>
}

export type Sent = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

const timeoutMs = 30_000

/**
 * Opens a stage by its URL. Throws an Error with instructions when the service does not respond
 * there. Does not use fetch, which hides a response that arrives before the whole body is sent.
 */
export async function openStage(
  url: string,
  options: Pick<Stage, 'masterToken' | 'burst'>,
): Promise<Stage> {
  const { protocol, origin, pathname } = new URL(url)
  if (!/^https?:$/.test(protocol)) throw new Error(`${url}: expected an http or https URL`)
  const base = `${origin}${pathname.replace(/\/$/, '')}`
  const send = (path: string, sent: Sent = {}) => exchange(`${base}${path}`, sent)
  const discovery = await send('/.well-known/openid-configuration').catch((error: Error) => {
    throw new Error(`${base} does not answer: ${error.message}`)
  })
  return { url: base, registrationPath: pathOf(discovery, base), send, ...options }
}

/** Path of the `registration_endpoint` in the discovery document (RFC 8414 §2). */
function pathOf({ status, text }: Answer, base: string): string {
  try {
    const { registration_endpoint } = JSON.parse(text)
    return new URL(registration_endpoint).pathname.replace(
      new URL(base).pathname.replace(/\/$/, ''),
      '',
    )
  } catch {
    throw new Error(
      `${base}/.well-known/openid-configuration answers ${status} without a registration_endpoint: is this the stack's output Url, and registration on?`,
    )
  }
}

function exchange(url: string, { method = 'GET', headers = {}, body }: Sent): Promise<Answer> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method, headers: { ...headers, ...lengthOf(body) } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
        )
      },
    )
    outgoing.setTimeout(timeoutMs, () =>
      outgoing.destroy(new Error(`no answer in ${timeoutMs} ms`)),
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const lengthOf = (body: string | undefined): Readonly<Record<string, string>> =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
