import { startKeycloakStub } from './keycloak-stub.ts'
import { describeKeycloak } from './keycloak-suite.ts'

describeKeycloak('a stub of Keycloak', startKeycloakStub, 200)
