import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'

type Options = { readonly settings?: SettingsInput; readonly native?: boolean }

const register = (uri: unknown, { settings = {}, native = false }: Options = {}) =>
  parseClientMetadata(
    { redirect_uris: [uri], application_type: native ? 'native' : 'web' },
    parseSettings(settings),
    { allowEmptyGrantTypes: false },
  ).redirect_uris

const rejected = { code: 'invalid_redirect_uri' }
const native = true

describe('RFC 7591 §2, RFC 8252 §7, RFC 9700 §4.1.3: redirect_uris', () => {
  test.each([
    'https://client.example',
    'https://client.example/',
    'HTTPS://Client.Example/Cb',
    'https://client.example:8443/cb?a=b&c[]=d',
    'https://client.example/a%2Fb/;x=y',
    'https://xn--bcher-kva.example/cb',
    'https://192.0.2.1/cb',
    'https://[2001:db8::1]:8443/cb',
    'https://a_b.client.example/cb',
    'https://localhost.evil.example/cb',
    'http://localhost/cb',
    'http://localhost:3000/oauth/callback',
    'http://LOCALHOST:3000/cb',
    'http://127.0.0.1:33418/',
    'http://127.0.0.53:8080/cb',
    'http://shop.localhost:3000/cb',
    'http://tenant.dev.localhost:3300/api/cb',
    'http://[::1]:33418/cb',
  ])('%s is registered byte for byte', (uri) => {
    expect(register(uri)).toEqual([uri])
  })

  test.each([
    'com.example.app:/oauth2redirect',
    'com.example.app://callback',
    'com.example.app:///callback',
    'com.example.app:callback',
    'cursor://anysphere.cursor-retrieval/oauth/cb',
    'vscode://vscode.github-authentication/did-authenticate',
    'myapp://',
    'ms-app://s-1-15-2-1000000001-2000000002-3000000003/',
    'ms-appx-web://microsoft.aad.brokerplugin/client',
    'teleconference://signed-in',
    'filebox://signed-in',
    'smsdesk://signed-in',
    'chromecast-setup://cb',
    'intentional://cb',
    'Com.Example.App:/CB',
  ])('%s is registered where only codes are sent to it', (uri) => {
    expect(register(uri, { native })).toEqual([uri])
    expect(register(uri)).toEqual([uri])
  })

  test.each([
    ['', 'empty'],
    ['client.example/cb', 'relative'],
    ['//client.example/cb', 'without scheme'],
    ['client.example:8443/cb', 'without scheme, with a port'],
    ['localhost:3000', 'without scheme, on loopback'],
    ['https:client.example/cb', 'without slashes'],
    ['https:/client.example/cb', 'with one slash'],
    ['https:///client.example/cb', 'with three slashes'],
    ['https://', 'without host'],
    ['https://:443/', 'with a port only'],
    ['https://?a=b', 'with a query only'],
    ['https://client.example/cb#', 'with an empty fragment'],
    ['https://client.example/cb#a', 'with a fragment'],
    ['https://user@client.example/', 'with a username'],
    ['https://user:pw@client.example/', 'with a password'],
    ['https://@client.example/', 'with an empty username'],
    ['https://client.example@evil.example/', 'with a host as username'],
    ['https://client.example\\@evil.example/', 'with a backslash'],
    ['https:\\\\client.example/', 'with backslashes for slashes'],
    ['https://client.example/a\\b', 'with a backslash in the path'],
    ['https://client.example/\r\nSet-Cookie:a=b', 'with a line break'],
    ['https://client.example/%0d%0aSet-Cookie:a=b', 'with an encoded line break'],
    ['https://client.example/%00', 'with an encoded NUL'],
    ['https://client.example/\u0000', 'with a NUL'],
    [' https://client.example/', 'with leading space'],
    ['https://client.example/ ', 'with trailing space'],
    ['https://client.example/a b', 'with a space'],
    ['ht\ttps://client.example/', 'with a tab in the scheme'],
    ['https://client.example/<script>', 'with brackets'],
    ['https://client.example/%zz', 'with a broken escape'],
    ['https://client.example/../cb', 'with dot segments'],
    ['https://client.example/a/%2e%2e/cb', 'with encoded dot segments'],
    ['https://client.example/./cb', 'with a dot segment'],
    ['https://*.client.example/cb', 'with a wildcard host'],
    ['https://client.example/*', 'with a wildcard path'],
    ['https://bücher.example/', 'with a host in Unicode'],
    ['https://client。example/', 'with an ideographic full stop'],
    ['https://ｃlient.example/', 'with a full-width letter'],
    ['https://ex%61mple.com/', 'with an encoded host'],
    ['https://client.example%2f.evil.example/', 'with an encoded slash in the host'],
    ['https://client.example./', 'with a dot after the host'],
    ['https://client..example/', 'with an empty label'],
    ['https://-client.example/', 'with a label that starts with a hyphen'],
    ['https://client,example/', 'with a comma in the host'],
    ['https://client.example:/', 'with an empty port'],
    ['https://client.example:0443/', 'with a port that starts with zero'],
    ['https://client.example:65536/', 'with a port that is none'],
    ['https://client.example:80a/', 'with a port in letters'],
    ['https://127.1/', 'with a short address'],
    ['https://0x7f.0.0.1/', 'with a hexadecimal address'],
    ['https://0177.0.0.1/', 'with an octal address'],
    ['https://2130706433/', 'with an address as a number'],
    ['https://[::ffff:127.0.0.1]/', 'with an IPv6 address in another spelling'],
    ['https://[0:0:0:0:0:0:0:1]/', 'with an IPv6 address in full'],
    ['https://[fe80::1%25eth0]/', 'with a zone'],
    ['http://client.example/', 'over http'],
    ['http://localhost.evil.example/', 'over http to a host that starts like loopback'],
    ['http://127.0.0.1.nip.io/', 'over http to a name like an address'],
    ['http://128.0.0.1/', 'over http to an address beside loopback'],
    ['http://notlocalhost/', 'over http to a name that ends like loopback'],
    ['http://localhost./', 'over http to localhost with a dot'],
    ['http://0.0.0.0/', 'over http to any address'],
    ['http://[::]/', 'over http to any IPv6 address'],
    [`https://client.example/${'a'.repeat(2048)}`, 'beyond the longest'],
    [`https://${'a'.repeat(64)}.example/`, 'with a label beyond the longest'],
  ])('%s (%s) is rejected', (uri) => {
    expect(() => register(uri)).toThrow(expect.objectContaining(rejected))
    expect(() => register(uri, { native })).toThrow(expect.objectContaining(rejected))
  })

  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'javascript://client.example/%0aalert(1)',
    'java%73cript:alert(1)',
    'javascript%3Aalert(1)',
    '\u0001javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'DATA:text/html;base64,eA==',
    'vbscript:x',
    'blob:https://client.example/x',
    'file:///etc/passwd',
    'about:blank',
    'view-source:https://client.example/',
    'filesystem:https://client.example/x',
    'intent://client.example#Intent;end',
    'ms-msdt:/id',
    'search-ms:query=x',
    'chrome-extension://abc/cb',
    'ws://client.example/',
    'mailto:a@client.example',
    'urn:ietf:wg:oauth:2.0:oob',
    'c:/windows',
    'microsoft-edge:https://client.example/',
    'touch-https://client.example/',
    'opera-http://client.example/',
    'firefox-focus://open-url?url=https://client.example/',
    'ddgQuickLink://client.example/',
    'mhtml:https://client.example/',
    'applescript://com.apple.scripteditor',
    'res://ieframe.dll/',
    'hcp://services/',
    'jnlp://client.example/',
    'shortcuts://run-shortcut?name=a',
    'facetime:a@client.example',
    'callto:client',
    'tel:+1-201-555-0123',
    'smsto:1',
    'itms-services://?action=download-manifest',
    'ms-settings:privacy',
    'ms-officecmd:x',
    'ms-word:ofe%7Cu%7Chttps://client.example/',
    'ms-appinstaller:?source=https://client.example/',
    'x-apple.systempreferences:com.apple.preference',
    'otpauth://totp/a',
    'ssh://client.example/',
    'com.example.app:/cb#a',
    'com.example.app://user@host/cb',
    'com.example.app://@host/cb',
    'com.example.app:/cb*',
    'com.example.app:',
    'com.example.app:/a b',
  ])('%s is rejected for every client', (uri) => {
    expect(() => register(uri)).toThrow(expect.objectContaining(rejected))
    expect(() => register(uri, { native })).toThrow(expect.objectContaining(rejected))
  })
})

describe('RFC 8252 §7.1: a private-use scheme without application_type native', () => {
  const uri = 'cursor://anysphere.cursor-retrieval/oauth/cb'
  const mixed = [uri, 'https://client.example/cb', 'http://localhost:8787/callback']
  const implicit = {
    metadata: {
      grantTypes: ['authorization_code', 'implicit'],
      responseTypes: ['code', 'code id_token'],
    },
  }
  const parse = (metadata: JsonObject, settings: SettingsInput = {}) =>
    parseClientMetadata(metadata, parseSettings(settings), { allowEmptyGrantTypes: false })

  test.each([
    { redirect_uris: [uri], token_endpoint_auth_method: 'none' },
    { redirect_uris: [uri], token_endpoint_auth_method: 'client_secret_basic' },
    { redirect_uris: mixed },
    {
      redirect_uris: ['org.lab.agent:/redirect'],
      post_logout_redirect_uris: ['org.lab.agent:/out'],
    },
  ])('the answer says native where the client said nothing: %j', (sent) => {
    expect(parse(sent)).toMatchObject({ ...sent, application_type: 'native' })
  })

  test('the answer says web where the client said web', () => {
    const sent = { redirect_uris: mixed, application_type: 'web' }
    expect(parse(sent)).toMatchObject(sent)
  })

  test('a client without such a scheme stays web', () => {
    expect(parse({ redirect_uris: ['http://localhost/cb'] })).toMatchObject({
      application_type: 'web',
    })
  })

  test.each([{}, { application_type: 'web' }])(
    'the implicit flow sends its answers to https only: %j',
    (type) => {
      const sent = { redirect_uris: [uri], response_types: ['code id_token'], ...type }
      expect(() => parse(sent, implicit)).toThrow(/expected https for the implicit grant/)
    },
  )
})

describe('RFC 9700 §4.1.3: exact matching', () => {
  test.each([
    'https://*.client.example/cb',
    'http://localhost:*/callback',
    'http://*/',
    'https://client.example/*',
    'com.example.*:/cb',
  ])('%s is rejected with words that name the wildcard', (uri) => {
    expect(() => register(uri)).toThrow(
      'invalid_redirect_uri: redirect_uris: item 1: wildcards are not allowed; expected each URI in full',
    )
  })
})

describe('metadata.redirectUris', () => {
  const hosts = { metadata: { redirectUris: { hosts: ['client.example', '.apps.example'] } } }

  test.each(['https://client.example/', 'https://a.b.apps.example/', 'http://localhost:1/'])(
    'hosts allow %s',
    (uri) => {
      expect(register(uri, { settings: hosts })).toEqual([uri])
    },
  )

  test.each(['https://apps.example/', 'https://a.client.example/', 'https://evilapps.example/'])(
    'hosts reject %s',
    (uri) => {
      expect(() => register(uri, { settings: hosts })).toThrow(/client\.example, \.apps\.example/)
    },
  )

  test('schemes allow those that are listed', () => {
    const settings = { metadata: { redirectUris: { schemes: ['com.example.app'] } } }
    const uri = 'com.example.app:/cb'
    expect(register(uri, { native, settings })).toEqual([uri])
    expect(() => register('com.example.other:/cb', { native, settings })).toThrow(/a scheme among/)
  })

  test('reverseDomainSchemes asks for a dot (RFC 8252 §7.1)', () => {
    const settings = { metadata: { redirectUris: { reverseDomainSchemes: true } } }
    expect(register('com.example.app:/cb', { native, settings })).toHaveLength(1)
    expect(() => register('cursor://cb', { native, settings })).toThrow(/domain name in reverse/)
  })

  test('claimedHttps: false leaves native clients private-use schemes and loopback', () => {
    const settings = { metadata: { redirectUris: { claimedHttps: false } } }
    expect(register('https://client.example/', { native })).toHaveLength(1)
    expect(register('http://127.0.0.1/', { native, settings })).toHaveLength(1)
    expect(() => register('https://client.example/', { native, settings })).toThrow(/private-use/)
  })
})
