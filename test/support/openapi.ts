import { expect } from 'vitest'
import type { JsonSchema } from '../../cdk/openapi/json-schema.ts'
import { jsonSchemas } from '../cdk/openapi/json-schema.ts'

export type Sent = {
  readonly bearer?: string | undefined
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** An API beside its OpenAPI document. */
export type DescribedApi = {
  /**
   * Sends a request of a path of the document, and expects the response that the document describes.
   * `url` is the path with its parameters.
   */
  ask(
    method: string,
    path: string,
    status: number,
    sent?: Sent,
    url?: string,
  ): Promise<Readonly<Record<string, unknown>>>
  /** Expects that the document accepts this body. */
  expectRequest(method: string, path: string, body: unknown): void
  /** The value at a JSON pointer (RFC 6901) into the document. */
  valueAt(pointer: string): unknown
}

type Response = {
  readonly headers?: object
  readonly content?: Readonly<Record<string, unknown>>
}

/** RFC 6901 §3 */
const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
const unescaped = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')

const conditional = ['www-authenticate', 'retry-after', 'accept-encoding', 'location', 'etag']

export function describedApi(document: JsonSchema, base: string): DescribedApi {
  const schemas = jsonSchemas().addSchema(document, 'document')

  /** Why a value has not the schema at this pointer, or has more than the document describes. */
  function problems(pointer: string, value: unknown): readonly string[] {
    const schema = { $ref: `document#${pointer}`, unevaluatedProperties: false }
    if (schemas.validate(schema, value)) return []
    return (schemas.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, JSON.stringify(params)].join(' '),
    )
  }

  const valueAt = (pointer: string): unknown =>
    pointer
      .slice(1)
      .split('/')
      .map(unescaped)
      .reduce<unknown>((value, name) => (value as JsonSchema | undefined)?.[name], document)

  /** The pointer to the response of an operation, and what it describes. */
  function responseOf(method: string, path: string, status: number): readonly [string, Response] {
    const own = `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}`
    const response = valueAt(own) as { readonly $ref?: string } | undefined
    const pointer = response?.$ref?.slice(1) ?? own
    return [pointer, (valueAt(pointer) ?? {}) as Response]
  }

  async function ask(
    method: string,
    path: string,
    status: number,
    { bearer, body, headers }: Sent = {},
    url = path,
  ) {
    const answer = await fetch(new URL(url, base), {
      method,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      redirect: 'manual',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    expect(answer.status).toBe(status)
    const [pointer, response] = responseOf(method, path, status)
    const known = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase())
    const sent = conditional.filter((name) => answer.headers.has(name))
    expect(sent.filter((name) => !known.includes(name))).toEqual([])
    const text = await answer.text()
    const [type = ''] = answer.headers.get('content-type')?.split(';') ?? []
    expect(Object.keys(response.content ?? {})).toEqual(text === '' ? [] : [type])
    if (text === '' || type !== 'application/json') return {}
    const json = JSON.parse(text)
    expect(problems(`${pointer}/content/${escaped(type)}/schema`, json)).toEqual([])
    return json
  }

  function expectRequest(method: string, path: string, body: unknown) {
    const request = `/paths/${escaped(path)}/${method}/requestBody`
    expect(problems(`${request}/content/application~1json/schema`, body)).toEqual([])
  }

  return { ask, expectRequest, valueAt }
}
