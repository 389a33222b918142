import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { isPublicAddress, literalAddress } from '../../metadata/rules/public-address.ts'
import type { FetchJson } from '../../ports/fetch-json.ts'
import {
  NonPublicAddressError,
  publicLookup,
  type Resolve,
  resolveBySystem,
} from './public-lookup.ts'

/** Time limit in milliseconds for DNS lookup, connection and response together. */
const timeoutMs = 2_000
const maxBytes = 65_536

/** The URL or the response is unusable. Not thrown if the host fails to respond. */
export class UnusableDocument extends Error {}

type Options = {
  readonly resolve?: Resolve
  readonly isAllowed?: typeof isPublicAddress
  /** 443 by default. Other ports would allow port scans of a network. */
  readonly ports?: readonly number[]
  /** Certificate authorities to trust instead of the system's. */
  readonly ca?: string
  readonly timeout?: number
}

/**
 * Creates a function that fetches a JSON document from a client-supplied URL and guards against
 * SSRF: https and public addresses only, checked on the connection itself; no redirects, proxy,
 * credentials or shared TLS sessions; at most two seconds and 64 KB; JSON in UTF-8 only. It rejects
 * with an Error that is meant for the log.
 */
export function createJsonFetcher(options: Options = {}): FetchJson {
  const {
    resolve = resolveBySystem,
    isAllowed = isPublicAddress,
    ca,
    timeout = timeoutMs,
  } = options
  const { ports = [443] } = options
  const lookup = publicLookup(resolve, isAllowed)
  return async (uri) => {
    const url = new URL(uri)
    if (url.protocol !== 'https:' || url.username !== '' || url.password !== '')
      throw new UnusableDocument('not an https URL without credentials')
    if (!ports.includes(Number(url.port || 443)))
      throw new UnusableDocument(`not on port ${ports.join(' or ')}`)
    // node:net does not call `lookup` for an IP literal, so the literal is checked here.
    const literal = literalAddress(url)
    if (literal !== undefined && !isAllowed(literal))
      throw new NonPublicAddressError('not a public address')
    const agent = new Agent({ keepAlive: false, maxCachedSessions: 0 })
    const answer = await get(url, {
      agent,
      lookup,
      signal: AbortSignal.timeout(timeout),
      headers: { accept: 'application/json', 'accept-encoding': 'identity' },
      maxHeaderSize: 16_384,
      ...(ca !== undefined && { ca }),
    })
    return parse(answer)
  }
}

/**
 * Sends one GET and resolves to the body. Destroys the connection as soon as the response is
 * invalid.
 */
function get(url: URL, options: Parameters<typeof request>[1]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const problem = validateResponseHead(response)
      if (problem !== undefined) sent.destroy(new UnusableDocument(problem))
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxBytes) sent.destroy(new UnusableDocument(`more than ${maxBytes} bytes`))
        chunks.push(chunk)
      })
      response.on('end', () => resolve(Buffer.concat(chunks)))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end()
  })
}

function validateResponseHead({ statusCode, headers }: IncomingMessage): string | undefined {
  if (statusCode !== 200) return `status ${statusCode}`
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(headers['content-type'] ?? ''))
    return 'not JSON by its content type'
  return headers['content-encoding'] === undefined
    ? undefined
    : 'an encoding that was not requested'
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new UnusableDocument('not JSON in UTF-8', { cause })
  }
}
