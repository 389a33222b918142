/** What is used here of the package, which ships no types. */
declare module 'oidc-provider' {
  type Metadata = Readonly<Record<string, unknown>>

  class Provider {
    constructor(issuer: string, configuration: object)
    readonly Client: { find(id: string): Promise<{ metadata(): Metadata } | undefined> }
  }

  export { Provider as default }
}
