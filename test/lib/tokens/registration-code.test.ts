import { describe, expect, test } from 'vitest'
import {
  generateRegistrationCodes,
  parseVerificationCode,
  verificationCodeOf,
} from '../../../lib/tokens/registration-code.ts'
import { sha256 } from '../../../lib/tokens/token.ts'

const letters = 'BCDFGHJKLMNPQRSTVWXZ'
const random = 'aZ09_-'.padEnd(43, 'a')

describe('the codes of a deferred registration', () => {
  const generated = Array.from({ length: 200 }, generateRegistrationCodes)

  test('are a verification code of eight consonants, and a registration code that contains it', () => {
    for (const { verification_code, registration_code, code_digest } of generated) {
      expect(verification_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
      expect(registration_code).toMatch(/^reg_[A-Z]{8}_[\w-]{43}$/)
      expect(verificationCodeOf(registration_code)).toBe(verification_code)
      expect(code_digest).toEqual(sha256(registration_code))
    }
  })

  test('differ from registration to registration', () => {
    expect(new Set(generated.map(({ verification_code }) => verification_code)).size).toBe(200)
    expect(
      new Set(generated.map(({ registration_code }) => registration_code.slice(13))).size,
    ).toBe(200)
  })
})

describe('a registration code', () => {
  const code = `reg_${letters.slice(0, 8)}_${random}`

  test('contains the verification code', () => {
    expect(verificationCodeOf(`reg_WDJBMJHT_${random}`)).toBe('WDJB-MJHT')
  })

  test.each([
    '',
    'WDJB-MJHT',
    code.replace('reg', 'rat'),
    `x${code}`,
    code.replace('B', ''),
    code.replace('B', 'BB'),
    code.replace('B', 'A'),
    code.toLowerCase(),
    code.slice(0, -1),
    `${code}a`,
    code.replace('a', '.'),
  ])('does not have the form of %j', (other) => {
    expect(verificationCodeOf(code)).toBeDefined()
    expect(verificationCodeOf(other)).toBeUndefined()
  })
})

describe('a verification code', () => {
  test.each([
    'WDJB-MJHT',
    'wdjb-mjht',
    'WDJBMJHT',
    ' wd.jb mj/ht\n',
    'W-D-J-B-M-J-H-T',
    '„WDJBMJHT“',
  ])('can be typed as %j', (typed) => {
    expect(parseVerificationCode(typed)).toBe('WDJB-MJHT')
  })

  test.each([
    '',
    'WDJB-MJH',
    'WDJB-MJHT-B',
    'WDJB-MJH-A',
    'WDJB-MJH1',
    '1DJB-MJHT',
    'A-E-I-O-U-A-E-I',
  ])('is not %j', (typed) => {
    expect(parseVerificationCode(typed)).toBeUndefined()
  })
})

// After the others, because it takes longest. Of 64,000 letters the last four have 12,800 ± 101, and
// would have 12,000 if the bytes from 240 on stood for the first sixteen.
test('the last letters are as frequent in verification codes as the first', () => {
  const counts = new Map([...letters].map((letter) => [letter, 0]))
  for (let codes = 0; codes < 8_000; codes += 1)
    for (const letter of generateRegistrationCodes().verification_code.replace('-', ''))
      counts.set(letter, (counts.get(letter) ?? 0) + 1)
  expect(counts.size).toBe(20)
  const last = [...letters.slice(-4)].reduce((sum, letter) => sum + (counts.get(letter) ?? 0), 0)
  expect(last).toBeGreaterThan(12_350)
  expect(last).toBeLessThan(13_250)
})
