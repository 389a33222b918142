import type { Settings } from '../settings/schema.ts'
import { grantsOf } from './grants.ts'
import { contentEncryption, publicKeyEncryption, signatures } from './rules/algorithms.ts'
import {
  type ListName,
  type SupportedList,
  supportedLists,
  type Values,
} from './supported-lists.ts'

/** What a client may request if nothing is listed; undefined means any value. */
function fallbackValues({ use, fallback }: SupportedList): Values | undefined {
  switch (use) {
    case 'signed_by_client':
    case 'signed_by_server':
      return signatures
    case 'encrypted_to_client':
    case 'encrypted_to_server':
      return publicKeyEncryption
    case 'content_encryption':
      return contentEncryption
    case 'other':
      return fallback
  }
}

/**
 * What the server supports according to its settings or its own metadata in `discovery`; undefined
 * if neither lists it.
 */
export function publishedValues(name: ListName, settings: Settings): Values | undefined {
  const { setting, published }: SupportedList = supportedLists[name]
  const values = settings.metadata[setting] ?? strings(settings.discovery[name])
  if (name !== 'response_types_supported') return values ?? published?.(settings)
  // A response type is usable only if the grants that it requires are supported too.
  const { grantTypes } = settings.metadata
  return values?.filter((type) => grantsOf(type).every((grant) => grantTypes.includes(grant)))
}

/** What a client may request; undefined means any value. */
export const supportedValues = (name: ListName, settings: Settings): Values | undefined =>
  publishedValues(name, settings) ?? fallbackValues(supportedLists[name])

const strings = (value: unknown): Values | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
