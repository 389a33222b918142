import { describe, expect, test } from 'vitest'
import { generateClientId, isClientId } from '../../../lib/tokens/client-id.ts'
import {
  type Consumption,
  generateInitialAccessToken,
  initialAccessTokenId,
  isInitialAccessTokenId,
  parseConsumption,
} from '../../../lib/tokens/initial-access-token.ts'
import {
  alphanumericLength,
  bytesEqual,
  generateBytes,
  hasDigest,
  randomAlphanumeric,
  randomBase64url,
  sha256,
} from '../../../lib/tokens/token.ts'
import { validateClientId, validateClientSecret } from '../../../lib/tokens/validate-generated.ts'

describe('a client identifier', () => {
  const shared = `shared_${'a'.repeat(43)}`

  test('is generated from 21 characters of base64url', () => {
    expect(generateClientId()).toMatch(/^[\w-]{21}$/)
    expect(generateClientId()).not.toBe(generateClientId())
  })

  test.each(['!', '~', 'a', 'x'.repeat(255), 'https://a/b?c#d%e'])('can be %s', (id) => {
    expect(isClientId(id)).toBe(true)
  })

  test.each(['', ' ', 'a b', 'é', '\u007f', 'a\n', ' a', 'a ', 'x'.repeat(256)])(
    'cannot be %j',
    (id) => {
      expect(isClientId(id)).toBe(false)
      expect(() => validateClientId(id)).toThrow(
        'extensions/client-id: expected 1 to 255 visible ASCII characters without / ? # %',
      )
    },
  )

  test.each(['a/b', 'a?b', 'a#b', 'a%b', 'https://client.example'])(
    'of an extension cannot be %s, which its configuration endpoint could not name',
    (id) => {
      expect(() => validateClientId(id)).toThrow('extensions/client-id')
    },
  )

  test.each(['urn:a:~!$', 'unused', 'used-by-me', 'shared_', `x${shared}`, `${shared}a`])(
    'of an extension can be %s, and stays as it is',
    (id) => {
      expect(validateClientId(id)).toBe(id)
    },
  )

  test.each(['used', 'disable', '.', '..'])('of an extension cannot be the path %s', (path) => {
    expect(() => validateClientId(path)).toThrow(
      new Error(
        'extensions/client-id: expected 1 to 255 visible ASCII characters without / ? # %, other than used, disable, . and ..',
      ),
    )
  })

  test('of an extension cannot be that of a shared client', () => {
    expect(() => validateClientId(shared)).toThrow(
      new Error('extensions/client-id: shared_ and 43 characters are kept for shared clients'),
    )
  })
})

describe('a client secret of an extension', () => {
  test.each(['!'.repeat(32), '~'.repeat(1024)])('can be %s', (secret) => {
    expect(validateClientSecret(secret)).toBe(secret)
  })

  test.each([
    '!'.repeat(31),
    '~'.repeat(1025),
    ' '.repeat(32),
    `${'a'.repeat(32)}\u007f`,
    `é${'a'.repeat(32)}`,
  ])('cannot be %j, and the message does not repeat it', (secret) => {
    expect(() => validateClientSecret(secret)).toThrow(
      new Error('extensions/client-secret: expected 32 to 1024 visible ASCII characters'),
    )
  })
})

describe('an initial access token', () => {
  test.each<[Consumption, RegExp]>([
    ['on_success', /^iat_(s[0-9a-f]{20})_[\w-]{43}$/],
    ['on_attempt', /^iat_(a[0-9a-f]{20})_[\w-]{43}$/],
    ['never', /^iat_(n[0-9a-f]{20})_[\w-]{43}$/],
  ])('says in its id that it is consumed %s', (consumed, form) => {
    const { id, token, token_digest } = generateInitialAccessToken(consumed)
    expect(form.exec(token)?.[1]).toBe(id)
    expect(initialAccessTokenId(token)).toBe(id)
    expect(isInitialAccessTokenId(id)).toBe(true)
    expect(parseConsumption(id)).toBe(consumed)
    expect(token_digest).toEqual(sha256(token))
  })

  test('whose id says nothing is consumed on the attempt', () => {
    expect(parseConsumption('x')).toBe('on_attempt')
  })

  const [id, secret] = [`s${'0'.repeat(20)}`, 'a'.repeat(43)]

  test.each([
    `iat_x${id.slice(1)}_${secret}`,
    `iat_${id}0_${secret}`,
    `iat_${id.slice(1)}_${secret}`,
    `iat_${id.replace('00', 'AA')}_${secret}`,
    `iat_${id}_${secret}a`,
    `iat_${id}_${secret.slice(1)}`,
    `iat_${id}_${secret.replace('a', '.')}`,
    `rat_${id}_${secret}`,
    ` iat_${id}_${secret}`,
  ])('does not have the form of %j', (bearer) => {
    expect(initialAccessTokenId(bearer)).toBeUndefined()
  })

  test.each(['', `x${id.slice(1)}`, `${id}0`, id.slice(1), ` ${id}`, `s${'g'.repeat(20)}`])(
    'does not have the id %j',
    (other) => {
      expect(isInitialAccessTokenId(other)).toBe(false)
    },
  )
})

describe('random letters and digits', () => {
  test.each([
    [32, 43],
    [47, 64],
    [64, 86],
  ])('are as many as %i random bytes need', (bytes, length) => {
    expect(randomAlphanumeric(bytes)).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`))
    expect(alphanumericLength(bytes)).toBe(length)
    expect(randomAlphanumeric(bytes)).not.toBe(randomAlphanumeric(bytes))
  })

  test('are all used', () => {
    expect(new Set(randomAlphanumeric(4_000)).size).toBe(62)
  })
})

describe('random bytes and digests', () => {
  test('have the requested length, and differ', () => {
    expect(randomBase64url(32)).toMatch(/^[\w-]{43}$/)
    expect(randomBase64url(32)).not.toBe(randomBase64url(32))
    expect(generateBytes(10)).toHaveLength(10)
    expect(generateBytes(10)).not.toEqual(generateBytes(10))
  })

  test('a digest is SHA-256, and of one text only', () => {
    expect(Buffer.from(sha256('abc')).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(hasDigest('abc', sha256('abc'))).toBe(true)
    expect(hasDigest('abd', sha256('abc'))).toBe(false)
  })

  test('byte strings of another length or content are not equal', () => {
    const bytes = Uint8Array.of(1, 2)
    expect(bytesEqual(bytes, Uint8Array.of(1, 2))).toBe(true)
    for (const other of [[], [1], [1, 3], [1, 2, 3]])
      expect(bytesEqual(bytes, Uint8Array.from(other))).toBe(false)
  })
})
