import { createHash, createHmac } from 'node:crypto'

export type AwsCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export type SignedRequest = {
  readonly url: string
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly service: string
  readonly region: string
  readonly now: Date
}

/**
 * The headers of a POST request to AWS with its signature (AWS Signature Version 4). The URL has no
 * query.
 */
export function signedHeaders(
  { url, headers, body, service, region, now }: SignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
): Readonly<Record<string, string>> {
  const { host, pathname } = new URL(url)
  const time = now.toISOString().replace(/[:-]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const all: Record<string, string> = {
    ...headers,
    host,
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  }
  const names = Object.keys(all).sort()
  const lines = names.map((name) => `${name}:${all[name]}`)
  const request = ['POST', pathname, '', ...lines, '', names.join(';'), sha256(body)].join('\n')
  const scope = [day, region, service, 'aws4_request']
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(request)].join('\n')
  const key = scope.reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`))
  const credential = `Credential=${[accessKeyId, ...scope].join('/')}`
  const signature = `Signature=${hmac(key, text).toString('hex')}`
  const signed = `SignedHeaders=${names.join(';')}`
  return { ...all, authorization: `AWS4-HMAC-SHA256 ${credential}, ${signed}, ${signature}` }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
