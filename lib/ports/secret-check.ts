/** Port: whether a bearer token equals a configured secret; compares digests in constant time. */
export type SecretCheck = (bearer: string) => Promise<boolean>
