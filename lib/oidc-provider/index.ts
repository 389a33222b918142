// biome-ignore-all lint/performance/noBarrelFile: the entry point of `client-registration-service/oidc-provider`
export {
  clientAdapter,
  type RegisteredClientsOptions,
  withRegisteredClients,
} from './client-adapter.ts'
export { type ProviderWithClients, verifySecretsByDigest } from './verify-secrets.ts'
