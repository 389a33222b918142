/** A realm of Keycloak, or of its stub, with the service account that pushes clients. */
export type Realm = {
  readonly url: string
  readonly realm: string
  readonly clientId: string
  readonly secret: string
  /** Creates a client as an administrator does; resolves to its identifier inside the realm. */
  createByHand(client: object): Promise<string>
  /** Changes members of a client as an administrator does. */
  changeByHand(id: string, changes: object): Promise<void>
  /** A client as the realm has it; undefined if there is none. */
  get(id: string): Promise<Readonly<Record<string, unknown>> | undefined>
  close(): Promise<void>
}

/** Whether the realm gives this client an access token by its own credentials. */
export async function getsToken(
  { url, realm }: Realm,
  client_id: string,
  client_secret: string,
): Promise<boolean> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret })
  const token = `${url}/realms/${realm}/protocol/openid-connect/token`
  const { status } = await fetch(token, { method: 'POST', body })
  return status === 200
}
