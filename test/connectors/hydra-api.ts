/** Ory Hydra, or its stub. */
export type HydraServer = {
  /** The administration API, without `/admin`. */
  readonly url: string
  /** Where clients get tokens. */
  readonly publicUrl: string
  /** The bearer token of the administration API. */
  readonly secret: string
  close(): Promise<void>
}

/** A call of the administration API, as an administrator sends it. */
export async function administer(
  { url, secret }: HydraServer,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${url}/admin${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

/** Requests an access token by the client's own credentials; undefined if it gets none. */
export async function clientCredentialsToken(
  { publicUrl }: HydraServer,
  client_id: string,
  client_secret: string,
  scope = '',
): Promise<string | undefined> {
  const response = await fetch(`${publicUrl}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  })
  const { access_token } = (await response.json()) as { access_token?: string }
  return response.status === 200 ? access_token : undefined
}
