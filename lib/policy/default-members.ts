import { described } from '../settings/setting.ts'
import { clientMetadata, group } from '../settings/values.ts'
import { configurablePolicy } from './define-policy.ts'

/** Sets default values for members that are missing or null. */
export const defaultMembers = configurablePolicy({
  name: 'default-members',
  settings: described(
    'default values of client metadata',
    group({ members: described('members and their values', clientMetadata) }),
  ),
  policy:
    ({ members }) =>
    (_context, metadata) => {
      for (const [name, value] of Object.entries(members)) metadata[name] ??= structuredClone(value)
    },
})
