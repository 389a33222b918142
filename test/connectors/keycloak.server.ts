import { startKeycloak } from './keycloak-server.ts'
import { describeKeycloak } from './keycloak-suite.ts'

describeKeycloak('Keycloak', startKeycloak, 200)
