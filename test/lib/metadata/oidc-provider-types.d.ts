/** What is used here of the package, which ships no types. */
declare module 'oidc-provider' {
  type Metadata = Readonly<Record<string, unknown>>

  class Provider {
    constructor(issuer: string, configuration: object)
    readonly Client: {
      readonly prototype: { compareClientSecret(presented: string): boolean | Promise<boolean> }
      readonly adapter: { upsert(id: string, payload: Metadata): Promise<void> }
      find(id: string): Promise<{ metadata(): Metadata } | undefined>
    }
    readonly InitialAccessToken: new (
      properties: object,
    ) => { save(): Promise<string> }
    /** Whether it trusts the X-Forwarded headers. */
    proxy: boolean
    callback(): import('node:http').RequestListener
    on(event: 'server_error', listener: (ctx: unknown, error: Error) => void): this
  }

  export { Provider as default }
}
