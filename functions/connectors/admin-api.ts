import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'

export type AdminRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON, or as a form if it is URLSearchParams. */
  readonly body?: object | undefined
  readonly signal?: AbortSignal | undefined
}

export type AdminResponse = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The parsed JSON; undefined if there is none. */
  readonly body: unknown
}

/** Time limit in milliseconds for DNS lookup, connection and response together. */
const timeoutMs = 2_500
/** A page of 100 clients, each with the most metadata that a client can have. */
const maxBytes = 8_388_608

/**
 * Sends one request to the administration API of a server that the settings name. It follows no
 * redirect, and has limits for time and size. Rejects with an Error that names the method and the
 * host, and contains nothing of a body.
 */
export async function sendAdminRequest(sent: AdminRequest): Promise<AdminResponse> {
  const { method, url, headers, body, signal } = sent
  const { protocol, host } = new URL(url)
  const isForm = body instanceof URLSearchParams
  const text = body && (isForm ? body.toString() : JSON.stringify(body))
  const limit = AbortSignal.timeout(timeoutMs)
  const options = {
    method,
    // A frozen Lambda would find its connections closed.
    agent: false as const,
    signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    headers: {
      accept: 'application/json',
      ...(text !== undefined && {
        'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      }),
      ...headers,
    },
  }
  try {
    return await exchange(protocol === 'http:' ? httpRequest : httpsRequest, url, options, text)
  } catch (error) {
    const reason = limit.aborted ? `no response within ${timeoutMs} ms` : describe(error)
    throw new Error(`${method} to ${host}: ${reason}`)
  }
}

type Send = typeof httpsRequest
type Options = Parameters<typeof httpsRequest>[1]

function exchange(send: Send, url: string, options: Options, text: string | undefined) {
  return new Promise<AdminResponse>((resolve, reject) => {
    const sent = send(url, options, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxBytes) sent.destroy(new Error(`more than ${maxBytes} bytes`))
        chunks.push(chunk)
      })
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response
        resolve({ status, headers, body: parse(Buffer.concat(chunks)) })
      })
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

/** An error page is no JSON. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

/** The code of a failed connection, such as ECONNREFUSED. */
const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return 'failed'
  return 'code' in error ? String(error.code) : error.message
}
