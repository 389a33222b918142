/**
 * Hosts on this machine: `localhost` and its subdomains (RFC 6761 §6.3), 127.0.0.0/8, ::1 (RFC 8252
 * §7.3).
 */
export const isLoopback = ({ hostname }: URL): boolean =>
  /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

/** Hosts of redirect URIs whose port an authorization server ignores (RFC 8252 §7.3). */
const loopbackRedirect = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d*)?(?=[/?]|$)/i

/** Whether this is a redirect URI on the loopback interface, with or without a port. */
export const isLoopbackRedirect = (uri: string): boolean => loopbackRedirect.test(uri)

/** The URI without its port if it is a redirect URI on the loopback interface. */
export const withoutLoopbackPort = (uri: string): string => uri.replace(loopbackRedirect, '$1')
