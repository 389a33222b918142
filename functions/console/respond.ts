import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Server } from '../../lib/server.ts'
import { applicationsFile } from '../environment.ts'
import type { Respond } from '../http/endpoint.ts'
import type { HttpResponse } from '../http/response.ts'

/** Cached at the first request, so that other cold starts of this Lambda do not read the file. */
let answer: HttpResponse | undefined

/**
 * GET /applications: the operator's console. The page needs no authentication, because it contains
 * no data. It fetches the data with the token that the operator enters.
 */
export const consolePage: Respond<Pick<Server, 'settings'>> = async (_, { settings }) => {
  answer ??= page(documentOf(settings))
  return answer
}

const documentOf = (settings: Server['settings']): string =>
  readFileSync(join(folder(), applicationsFile), 'utf8').replace(
    '<meta name="features" content="" />',
    `<meta name="features" content="${features(settings)}" />`,
  )

/** What the page offers only where the settings have it, as names separated by spaces. */
const features = ({ findClientsBy, cleanUp, approval }: Server['settings']): string =>
  Object.entries({
    name_prefix: findClientsBy.name,
    redirect_host: findClientsBy.redirectHost,
    clean_up: cleanUp.mode !== 'off',
    clean_up_acts: cleanUp.mode === 'on',
    approval: approval !== 'off',
  })
    .flatMap(([name, isOn]) => (isOn ? [name] : []))
    .join(' ')

const folder = () => process.env.LAMBDA_TASK_ROOT ?? import.meta.dirname

const page = (html: string): HttpResponse => ({
  statusCode: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy(html),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  },
  body: html,
})

/**
 * Allows only the page's own inline style and script, and connections to this service only.
 */
const contentSecurityPolicy = (html: string): string =>
  [
    "default-src 'none'",
    `script-src ${hashes(html, 'script')}`,
    `style-src ${hashes(html, 'style')}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

/** The hash sources of the inline elements with this tag (CSP Level 3 §6.7.2.3). */
const hashes = (html: string, tag: 'script' | 'style'): string =>
  [...html.matchAll(new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 'gs'))]
    .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' ')
