import type { BuiltSuite } from './build-suite.ts'

/** Of 44.128.0.0/16, which is set aside for tests; it exists only in the network of this run. */
export const address = '44.128.0.1'

export type Input = {
  readonly java: string
  readonly mongoClasspath: string
  readonly key: string
  readonly cert: string
  /** The file to write the results to. */
  readonly results: string
  readonly suite: BuiltSuite
}
