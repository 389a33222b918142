import { generateBytes, randomBase64url, sha256, tokenBytes } from './token.ts'

/** RFC 8628 §6.1: no vowel, so that no word comes up; 34 bits in eight letters. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'
const codeLength = 8

const codePattern = /^reg_([BCDFGHJKLMNPQRSTVWXZ]{8})_[\w-]{43}$/

/** The codes of a deferred registration (draft-dellaert-oauth-approval-based-dcr-00 §3.2.2). */
export type RegistrationCodes = {
  /** What people type, such as `WDJB-MJHT`. */
  readonly verification_code: string
  /** What the client polls with: `reg_`, the letters of the verification code, and 256 random bits. */
  readonly registration_code: string
  readonly code_digest: Uint8Array
}

export function generateRegistrationCodes(): RegistrationCodes {
  const code = randomLetters()
  const registration_code = `reg_${code}_${randomBase64url(tokenBytes)}`
  return {
    verification_code: hyphenated(code),
    registration_code,
    code_digest: sha256(registration_code),
  }
}

/** The verification code that a registration code contains; undefined for any other text. */
export function verificationCodeOf(registration_code: string): string | undefined {
  const code = codePattern.exec(registration_code)?.[1]
  return code === undefined ? undefined : hyphenated(code)
}

/**
 * RFC 8628 §6.1: a verification code as people type it, in any case and with any punctuation.
 * Undefined if it is none.
 */
export function parseVerificationCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '')
  const isCode = code.length === codeLength && [...code].every((letter) => letters.includes(letter))
  return isCode ? hyphenated(code) : undefined
}

const hyphenated = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`

/** Each letter with the same probability: bytes from 240 on are dropped. */
function randomLetters(): string {
  let code = ''
  while (code.length < codeLength)
    for (const byte of generateBytes(codeLength))
      if (byte < 240 && code.length < codeLength) code += letters[byte % letters.length]
  return code
}
