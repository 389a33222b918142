import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/** A request, as API Gateway passes it to a Lambda (payload format 2.0). */
export type Request = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly bearer: string
  readonly body?: object
}

export function toEvent({ method, path, bearer, body }: Request): APIGatewayProxyEventV2 {
  const text = body && JSON.stringify(body)
  const [, registrationPath = '', client_id] = path.split('/')
  const route = client_id === undefined ? path : `/${registrationPath}/{client_id}`
  const routeKey = `ANY ${route}`
  const host = 'as.example'
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${bearer}`,
      host,
      'user-agent': 'compare',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...(text !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      }),
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'compare',
      domainName: host,
      domainPrefix: 'as',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'compare' },
      requestId: 'compare',
      routeKey,
      stage: '$default',
      time: '01/Jan/2027:00:00:00 +0000',
      timeEpoch: Date.now(),
    },
    ...(client_id !== undefined && { pathParameters: { client_id } }),
    ...(text !== undefined && { body: text }),
    isBase64Encoded: false,
  }
}
