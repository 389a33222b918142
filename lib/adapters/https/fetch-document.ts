import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import type { FetchJson } from '../../ports/fetch-json.ts'
import { isPublicAddress } from './public-address.ts'
import {
  NonPublicAddressError,
  publicLookup,
  type Resolve,
  resolveBySystem,
} from './public-lookup.ts'

/** Milliseconds for all of it: name, connection, answer. */
const timeoutMs = 2_000
const maxBytes = 65_536

/** The fault of the URL or of what was answered, not of a host that does not answer. */
export class UnusableDocument extends Error {}

type Options = {
  readonly resolve?: Resolve
  readonly isAllowed?: typeof isPublicAddress
  /** 443 unless said: any other is a way to ask around in a network. */
  readonly ports?: readonly number[]
  /** Certificate authorities that are trusted instead of the system's. */
  readonly ca?: string
  readonly timeout?: number
}

/**
 * Reads a JSON document from a URL that a client named, without being made to speak to what is not the public's: https
 * only, public addresses only, judged on the connection itself, no redirects, no proxy, no credentials, no session
 * shared with another request, two seconds, 64 KB, JSON in UTF-8 only. Rejects with an Error for the log.
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
    // node:net does not look up a literal: it is judged here.
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

const literalAddress = ({ hostname }: URL): string | undefined => {
  if (hostname.startsWith('[')) return hostname.slice(1, -1)
  return /^[\d.]+$/.test(hostname) ? hostname : undefined
}

/** One GET; resolves to the body, and ends the connection as soon as the answer is not what it has to be. */
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
    : 'an encoding that was not asked for'
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new UnusableDocument('not JSON in UTF-8', { cause })
  }
}
