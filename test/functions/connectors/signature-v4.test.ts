import { expect, test } from 'vitest'
import { signedHeaders } from '../../../functions/connectors/signature-v4.ts'

/** The case post-vanilla of AWS's own test suite of Signature Version 4. */
test('a request is signed as in the test suite of AWS', () => {
  const { authorization } = signedHeaders(
    {
      url: 'https://example.amazonaws.com/',
      headers: {},
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
    url: 'https://example.amazonaws.com/',
    headers: { 'x-amz-target': 'Service.Operation' },
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
