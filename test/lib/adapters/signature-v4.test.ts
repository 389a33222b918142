import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signedHeaders } from '../../../lib/adapters/signature-v4.ts'

/** The case post-vanilla of AWS's own test suite of Signature Version 4. */
test('a request is signed as in the test suite of AWS', () => {
  const { authorization } = signedHeaders(
    {
      path: '/',
      headers: { host: 'example.amazonaws.com' },
      body: '',
      service: 'service',
      region: 'us-east-1',
      now: new Date('2015-08-30T12:36:00Z'),
    },
    {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    },
  )
  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
      'SignedHeaders=host;x-amz-date, ' +
      'Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  )
})

test('the session token of a role is sent and signed', () => {
  const request = {
    path: '/',
    headers: { host: 'example.amazonaws.com', 'x-amz-target': 'Service.Operation' },
    body: '{}',
    service: 'service',
    region: 'us-east-1',
    now: new Date('2015-08-30T12:36:00Z'),
  }
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
  const headers = signedHeaders(request, { ...keys, sessionToken: 'token' })
  expect(headers['x-amz-security-token']).toBe('token')
  expect(headers.authorization).toContain(
    'SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target,',
  )
  const other = signedHeaders(request, { ...keys, sessionToken: 'another' })
  expect(other.authorization).not.toBe(headers.authorization)
})

const credentials = fc.record(
  {
    accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
    secretAccessKey: fc.stringMatching(/^[\w+/]{40}$/),
    sessionToken: fc.stringMatching(/^[\w+/=]{1,60}$/),
  },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
)

const requests = fc.record({
  body: fc.string({ unit: 'binary' }),
  operation: fc.stringMatching(/^[A-Za-z]{1,30}$/),
  region: fc.constantFrom('eu-central-1', 'us-gov-west-1', 'cn-north-1'),
  now: fc.date({
    min: new Date('2026-01-01'),
    max: new Date('2099-12-31'),
    noInvalidDate: true,
  }),
  port: fc.option(fc.nat(65_535), { nil: undefined }),
})

test('every request is signed as by the signer of the AWS SDK', async () => {
  await fc.assert(
    fc.asyncProperty(credentials, requests, async (keys, request) => {
      const { body, operation, region, now, port } = request
      const hostname = `dynamodb.${region}.amazonaws.com`
      const headers = {
        host: port === undefined ? hostname : `${hostname}:${port}`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'amz-sdk-request': 'attempt=1; max=3',
      }
      const sdk = await new DynamoDBClient({ region, credentials: keys }).config.signer()
      const theirs = await sdk.sign(
        { method: 'POST', protocol: 'https:', hostname, path: '/', query: {}, headers, body },
        { signingDate: now, unsignableHeaders: new Set(['amz-sdk-request']) },
      )
      const { authorization, ...sent } = theirs.headers
      const ours = signedHeaders(
        { path: '/', headers: sent, body, service: 'dynamodb', region, now },
        keys,
      )
      expect(ours).toEqual(theirs.headers)
      expect(authorization).toBeDefined()
    }),
    { numRuns: 500 },
  )
})
