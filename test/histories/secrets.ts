import type { ClientState } from './state.ts'

/** Whether a client secret is valid: the current one, or the one before a renewal in the overlap. */
export const isSecretOf = (client: ClientState, secret: string, now: number): boolean =>
  client.secret === secret || (isInOverlap(client, now) && client.previousSecret?.secret === secret)

export const isInOverlap = ({ previousSecret }: ClientState, now: number): boolean =>
  previousSecret !== undefined && now < previousSecret.until

/** The secret that a call generates. */
export const generatedSecret = ({ id }: { readonly id: string }): string => `?secret of ${id}`
