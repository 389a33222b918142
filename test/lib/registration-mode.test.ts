import { describe, expect, test } from 'vitest'
import { acceptsApproval } from '../../lib/registration-mode.ts'

describe('draft-dellaert-oauth-approval-based-dcr-00 §3.1 registration_mode', () => {
  test.each([[['approval']], [['immediate', 'approval']]])('%j asks for an approval', (modes) => {
    expect(acceptsApproval(modes)).toBe(true)
  })

  test.each([undefined, null, '', [], ['immediate'], ['Approval']])(
    '%j does not ask for an approval',
    (modes) => {
      expect(acceptsApproval(modes)).toBe(false)
    },
  )

  test.each(['approval', 1, {}, true, ['approval', 1], [['approval']]])(
    '%j is rejected',
    (modes) => {
      expect(() => acceptsApproval(modes)).toThrow('registration_mode: expected a list of texts')
    },
  )
})
