// biome-ignore-all lint/performance/noBarrelFile: the entry point of `client-registration-service/read`
export { type KeyRing, parseKeyRing } from '../tokens/key-ring.ts'
export { type ClientItem, type Rejection, rejectionOf } from './active-client.ts'
export { type Client, clientOf } from './client.ts'
export {
  revealClientSecret,
  revealPreviousClientSecret,
  verifyClientSecret,
} from './client-secret.ts'
export { type DocumentReader, findClient } from './find-client.ts'
export { type DocumentUpdater, recordUse } from './record-use.ts'
