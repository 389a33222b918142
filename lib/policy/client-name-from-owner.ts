import * as v from 'valibot'
import { described } from '../settings/setting.ts'
import { group } from '../settings/values.ts'
import { configurablePolicy } from './define-policy.ts'

/** Defaults `client_name` to `format`, in which `{owner}` is replaced by the owner. */
export const clientNameFromOwner = configurablePolicy({
  name: 'client-name-from-owner',
  settings: described(
    'default `client_name`, derived from the owner',
    group({
      format: described(
        'the name; `{owner}` is replaced by the owner',
        v.pipe(v.string(), v.includes('{owner}', 'expected text that contains {owner}')),
      ),
    }),
  ),
  policy:
    ({ format }) =>
    ({ owner }, metadata) => {
      if (owner !== undefined) metadata.client_name ??= format.replaceAll('{owner}', () => owner)
    },
})
