import type { Plan } from './suite-api.ts'

/** What the OpenID Foundation certifies a registration endpoint by. */
export const plans: readonly Plan[] = [
  { name: 'oidcc-dynamic-certification-test-plan', variant: { response_type: 'code' } },
  { name: 'oidcc-dynamic-certification-test-plan', variant: { response_type: 'code id_token' } },
  {
    name: 'oidcc-3rdparty-init-login-certification-test-plan',
    variant: { response_type: 'code' },
  },
]
