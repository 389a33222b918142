import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { redirect_uris, rsaKey } from './example.ts'

const parse = (sent: JsonObject, allowInternalHosts = false) =>
  parseClientMetadata(
    { redirect_uris, ...sent },
    parseSettings({ metadata: { allowInternalHosts } }),
    { allowEmptyGrantTypes: false },
  )

const members: Readonly<Record<string, (uri: string) => Record<string, unknown>>> = {
  jwks_uri: (uri) => ({ jwks_uri: uri }),
  signed_jwks_uri: (uri) => ({ signed_jwks_uri: uri }),
  sector_identifier_uri: (uri) => ({ sector_identifier_uri: uri }),
  backchannel_logout_uri: (uri) => ({ backchannel_logout_uri: uri }),
  backchannel_client_notification_endpoint: (uri) => ({
    backchannel_client_notification_endpoint: uri,
  }),
  credential_offer_endpoint: (uri) => ({ credential_offer_endpoint: uri }),
  logo_uri: (uri) => ({ logo_uri: uri }),
  'logo_uri#ja': (uri) => ({ 'logo_uri#ja': uri }),
  request_uris: (uri) => ({ request_uris: ['https://client.example/r', uri] }),
  'the x5u of a key in jwks': (uri) => ({ jwks: { keys: [{ ...rsaKey, x5u: uri }] } }),
}

const internal = [
  'localhost',
  'LOCALHOST:8443',
  'a.localhost',
  '127.0.0.1',
  '127.8.9.10:8443',
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.1.1:8443',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:a00:1]',
  '[64:ff9b::a9fe:a9fe]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[2002:a00:1::]',
]

const outside = [
  'client.example',
  'localhost.example',
  '10.client.example',
  '8.8.8.8',
  '[2606:4700::1]',
]

describe('RFC 6890: members that servers call', () => {
  describe.each(Object.entries(members))('%s', (_, member) => {
    test.each(internal)('rejects %s', (host) => {
      expect(() => parse(member(`https://${host}/x`))).toThrow(
        /^invalid_client_metadata: \w+: .*expected a public host, not localhost or a special-use address$/,
      )
    })

    test.each(internal)('accepts %s where internal hosts are allowed', (host) => {
      const sent = member(`https://${host}/x`)
      expect(parse(sent, true)).toMatchObject(sent)
    })

    test.each(outside)('accepts %s', (host) => {
      const sent = member(`https://${host}/x`)
      expect(parse(sent)).toMatchObject(sent)
    })
  })

  test('a back channel on loopback needs a service that may call internal hosts', () => {
    const sent = {
      redirect_uris: ['http://localhost:3000/cb'],
      backchannel_logout_uri: 'http://localhost:3000/logout',
    }
    expect(parse(sent, true)).toMatchObject(sent)
    expect(() => parse(sent)).toThrow(/backchannel_logout_uri: expected a public host/)
  })

  test('a front channel on loopback is for the browser: http at the redirect URI will do', () => {
    const sent = {
      redirect_uris: ['http://shop.localhost:3000/cb'],
      frontchannel_logout_uri: 'http://shop.localhost:3000/logout',
    }
    expect(parse(sent)).toMatchObject(sent)
    const elsewhere = { ...sent, frontchannel_logout_uri: 'http://public.example/logout' }
    expect(() => parse(elsewhere)).toThrow(
      /frontchannel_logout_uri: expected an https URL without fragment, or http on loopback/,
    )
  })

  test.each([
    'client_uri',
    'tos_uri',
    'policy_uri',
    'initiate_login_uri',
    'frontchannel_logout_uri',
  ])('%s is for browsers, and may name localhost', (name) => {
    const sent = { redirect_uris: ['https://localhost/cb'], [name]: 'https://localhost/x' }
    expect(parse(sent)).toMatchObject(sent)
  })
})
