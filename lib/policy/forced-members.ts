import { described } from '../settings/setting.ts'
import { clientMetadata, group } from '../settings/values.ts'
import { configurablePolicy } from './define-policy.ts'

/** Overrides members with these values, including language-tagged forms (RFC 7591 §2.2). */
export const forcedMembers = configurablePolicy({
  name: 'forced-members',
  settings: described(
    'override client metadata',
    group({ members: described('members and their values', clientMetadata) }),
  ),
  policy:
    ({ members }) =>
    (_context, metadata) => {
      for (const name of Object.keys(metadata)) {
        const [base = ''] = name.split('#')
        if (Object.hasOwn(members, base)) delete metadata[name]
      }
      Object.assign(metadata, structuredClone(members))
    },
})
