// The published package: `import { ClientRegistrationService } from 'client-registration-service'`.
export type {
  LimitingPolicy,
  MutableMetadata,
  Policy,
  PolicyContext,
} from '../lib/policy/policy.ts'
// biome-ignore lint/performance/noBarrelFile: this file is the package's public interface.
export { SettingsError } from '../lib/settings/settings-error.ts'
export {
  ClientRegistrationService,
  type ClientRegistrationServiceProps,
} from './client-registration-service.ts'
export type { Existing } from './existing.ts'
export type { StageSettings, StageSettingsInput } from './settings/settings.ts'
