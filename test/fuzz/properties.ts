import { addresses } from './addresses.ts'
import { bearer } from './bearer.ts'
import type { Fuzzed } from './fuzzed.ts'
import { jwt } from './jwt.ts'
import { requestBody } from './request-body.ts'
import { uriRules } from './uris.ts'

export const properties: readonly Fuzzed[] = [
  ...requestBody,
  ...bearer,
  ...jwt,
  ...uriRules,
  ...addresses,
]
