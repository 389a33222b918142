/**
 * Hosts on this machine: `localhost` and its subdomains (RFC 6761 §6.3), 127.0.0.0/8, ::1 (RFC 8252
 * §7.3).
 */
export const isLoopback = ({ hostname }: URL): boolean =>
  /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
