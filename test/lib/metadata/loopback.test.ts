import { describe, expect, test } from 'vitest'
import { isLoopbackRedirect, withoutLoopbackPort } from '../../../lib/metadata/rules/loopback.ts'

describe('RFC 8252 §7.3 a redirect URI on the loopback interface', () => {
  test.each([
    ['http://127.0.0.1:51004/cb', 'http://127.0.0.1/cb'],
    ['http://[::1]:1/cb?a=b:1', 'http://[::1]/cb?a=b:1'],
    ['http://localhost:8080', 'http://localhost'],
    ['http://localhost:8080?a', 'http://localhost?a'],
    ['HTTP://LOCALHOST:80/', 'HTTP://LOCALHOST/'],
    ['http://127.0.0.1:/cb', 'http://127.0.0.1/cb'],
    ['http://127.0.0.1/cb:1', 'http://127.0.0.1/cb:1'],
    ['http://localhost', 'http://localhost'],
  ])('%s is one, and %s without its port', (uri, without) => {
    expect(isLoopbackRedirect(uri)).toBe(true)
    expect(withoutLoopbackPort(uri)).toBe(without)
  })

  test.each([
    'https://127.0.0.1:8080/cb',
    'http://127.0.0.2:8080/cb',
    'http://127.0.0.1.example:8080/cb',
    'http://localhost.example/cb',
    'http://localhost:8080.example/cb',
    'http://app.localhost:8080/cb',
    'http://client.example:8080/cb',
    'com.example.app:http://localhost:8080/cb',
    'http://user@localhost:8080/cb',
  ])('%s is none, and keeps its port', (uri) => {
    expect(isLoopbackRedirect(uri)).toBe(false)
    expect(withoutLoopbackPort(uri)).toBe(uri)
  })
})
