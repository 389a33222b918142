import { isObject } from '../../lib/json.ts'
import { hopByHop } from './http-event.ts'

/** The HTTP response that API Gateway builds from a Lambda's result. */
export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly body: Buffer
}

/** Converts a Lambda's result into a response; undefined when API Gateway would reject it. */
export function httpAnswer(result: unknown): HttpAnswer | undefined {
  if (!isObject(result) || !('statusCode' in result)) return inferred(result)
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded } = result
  const status = Number(statusCode)
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined
  if (!isObject(headers) || !Array.isArray(cookies) || typeof (body ?? '') !== 'string') {
    return undefined
  }
  const bytes = Buffer.from(String(body ?? ''), isBase64Encoded === true ? 'base64' : 'utf8')
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'object') return undefined
    const key = name.toLowerCase()
    if (!hopByHop.has(key) && key !== 'content-length') kept[key] = String(value)
  }
  if (bytes.length > 0) kept['content-type'] ??= 'text/plain;charset=utf-8'
  return { status, headers: kept, cookies: cookies.map(String), body: bytes }
}

/** Without a status code, the complete result becomes the body of a 200 response. */
function inferred(result: unknown): HttpAnswer {
  const text = typeof result === 'string' ? result : JSON.stringify(result ?? null)
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(text),
  }
}

/** A response that API Gateway generates itself. */
export function gatewayAnswer(status: number, message: string): HttpAnswer {
  return { ...inferred({ message }), status }
}
