import { describeKeycloak } from './keycloak-suite.ts'
import { startKeycloakStub } from './keycloak-stub.ts'

describeKeycloak('a stub of Keycloak', startKeycloakStub, 200)
