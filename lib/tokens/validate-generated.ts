/** Checks a client identifier that the deploying team's own code has drawn. Throws an Error that does not repeat it. */
export function validateClientId(client_id: string): string {
  if (/^[\x21-\x7E]{1,255}$/.test(client_id) && !/^https:\/\/|[/?#%]/.test(client_id))
    return client_id
  throw new Error(
    'extensions/client-id: expected 1 to 255 visible ASCII characters without / ? # %',
  )
}

/** Checks a client secret that the deploying team's own code has drawn. Throws an Error that does not repeat it. */
export function validateClientSecret(client_secret: string): string {
  if (/^[\x21-\x7E]{32,1024}$/.test(client_secret)) return client_secret
  throw new Error('extensions/client-secret: expected 32 to 1024 visible ASCII characters')
}
