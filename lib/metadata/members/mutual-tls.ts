import { boolean, type Member, type MemberDocs, matching, rule } from '../rules/rule.ts'
import { absoluteUri } from '../rules/uri.ts'

/** RFC 4514 §3: attribute=value pairs, separated by `,`; `+` separates the parts of one RDN. */
const attribute = String.raw`\s*(?:[A-Za-z][\w-]*|\d+(?:\.\d+)+)\s*=(?:[^,+"\\<>;]|\\(?:[0-9A-Fa-f]{2}|[ "#+,;<=>\\]))*`
const distinguishedName = matching(
  'a distinguished name as RFC 4514 writes it',
  new RegExp(`^${attribute}(?:[,+]${attribute})*$`),
)

const label = String.raw`\w(?:[\w-]*\w)?`
const dnsName = matching('a DNS name', new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})*$`))

const email = matching('an email address', /^[^\s@]+@[^\s@]+$/)

/** Without a leading zero, which some parsers take for octal. */
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/
const isIpv6 = (value: string) => /^[\da-f:.]+$/i.test(value) && URL.canParse(`http://[${value}]`)

const ipAddress = rule('an IPv4 or IPv6 address', (value) =>
  typeof value === 'string' && (ipv4.test(value) || isIpv6(value)) ? value : undefined,
)

const subjects = {
  tls_client_auth_subject_dn: { rule: distinguishedName },
  tls_client_auth_san_dns: { rule: dnsName },
  tls_client_auth_san_uri: { rule: absoluteUri },
  tls_client_auth_san_ip: { rule: ipAddress },
  tls_client_auth_san_email: { rule: email },
} satisfies Record<string, Member<unknown>>

/** The members that identify a certificate. Only `tls_client_auth` uses them. */
export const certificateSubjects = Object.keys(subjects) as (keyof typeof subjects)[] // own keys

/**
 * RFC 8705 OAuth 2.0 Mutual-TLS Client Authentication and Certificate-Bound Access Tokens §2.1.2,
 * §3.4
 */
export const mutualTls = {
  tls_client_certificate_bound_access_tokens: { rule: boolean },
  ...subjects,
} satisfies Record<string, Member<unknown>>

const certificate = 'RFC 8705 §2.1.2'

export const mutualTlsDocs = {
  tls_client_certificate_bound_access_tokens: { section: 'RFC 8705 §3.4', omitted: 'false' },
  tls_client_auth_subject_dn: { section: certificate },
  tls_client_auth_san_dns: { section: certificate },
  tls_client_auth_san_uri: { section: certificate },
  tls_client_auth_san_ip: { section: certificate },
  tls_client_auth_san_email: { section: certificate },
} satisfies MemberDocs<typeof mutualTls>
