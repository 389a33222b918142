import { generateBytes } from './token.ts'

/** Generates the id of an operator's job: it is no secret, and begins with no hyphen. */
export const generateJobId = (): string => Buffer.from(generateBytes(8)).toString('hex')

/** Whether a text has the form of such an id. */
export const isJobId = (text: string): boolean => /^[\da-f]{16}$/.test(text)
