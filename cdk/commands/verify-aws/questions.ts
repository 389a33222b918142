import { randomUUID } from 'node:crypto'
import type { Answer, Stage } from './stage.ts'

/** Observed behavior of AWS. */
export type Finding = {
  readonly verdict: 'as expected' | 'differs' | 'not asked'
  readonly seen: string
}

/** One check that needs a real AWS account. */
export type Question = {
  readonly asks: string
  /** Behavior that the service relies on. */
  readonly expects: string
  readonly ask: (stage: Stage) => Promise<Finding>
}

const json = { 'content-type': 'application/json' }
const metadata = JSON.stringify({ redirect_uris: ['https://client.example/callback'] })

const judged = (isExpected: boolean, seen: string): Finding => ({
  verdict: isExpected ? 'as expected' : 'differs',
  seen,
})

const notAsked = (seen: string): Finding => ({ verdict: 'not asked', seen })

/** Status, content type and start of an AWS-generated response, on one line. */
const shapeOf = ({ status, headers, text }: Answer): string =>
  `${status} ${headers['content-type'] ?? 'without content-type'} ${text.trim().slice(0, 120)}`

export const questions: readonly Question[] = [
  {
    asks: 'Does WWW-Authenticate reach the client?',
    expects: 'www-authenticate on a 401, under its own name (RFC 6750 §3)',
    async ask({ send }) {
      const { status, headers } = await send('/clients')
      const challenges = Object.keys(headers).filter((name) => name.endsWith('www-authenticate'))
      const received = challenges.map((name) => `${name}: ${headers[name]}`)
      return judged(
        status === 401 && challenges.includes('www-authenticate'),
        `${status}, ${received.join(', ') || 'no challenge'}`,
      )
    },
  },
  {
    asks: 'Who answers a CORS preflight on a route for ANY method?',
    expects: '204, of API Gateway or of the Lambda',
    async ask({ send, registrationPath }) {
      const { status, headers } = await send(registrationPath, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
      const allowed = headers['access-control-allow-methods'] ?? 'nothing'
      return judged(status === 204, `${status}, access-control-allow-methods: ${allowed}`)
    },
  },
  {
    asks: 'What does API Gateway answer to a body above 10 MB?',
    expects: "413, in whatever form is AWS's",
    async ask({ send, registrationPath }) {
      const body = `"${'x'.repeat(10_500_000)}"`
      const answer = await send(registrationPath, { method: 'POST', headers: json, body })
      return judged(answer.status === 413, shapeOf(answer))
    },
  },
  {
    asks: 'What does API Gateway answer to headers above 10,240 bytes?',
    expects: "431 (400 through CloudFront, which has limits of its own), in whatever form is AWS's",
    async ask({ send }) {
      const headers = { 'x-long': 'x'.repeat(12_000) }
      const answer = await send('/.well-known/openid-configuration', { headers })
      return judged([400, 431, 494].includes(answer.status), shapeOf(answer))
    },
  },
  {
    asks: 'What does API Gateway answer to requests beyond the setting throttle?',
    expects: "429, in whatever form is AWS's",
    async ask({ send, burst }) {
      if (burst === 0)
        return notAsked('send so many at once by --burst, beyond the setting throttle')
      const path = '/.well-known/openid-configuration'
      const answers = await Promise.all(Array.from({ length: burst }, () => send(path)))
      const rejected = answers.filter(({ status }) => status !== 200)
      const [first] = rejected
      if (first === undefined) return notAsked(`all ${burst} were let through: send more`)
      return judged(first.status === 429, `${rejected.length} of ${burst}: ${shapeOf(first)}`)
    },
  },
  {
    asks: 'Does a transaction pass the conditions on dynamodb:LeadingKeys?',
    expects: '201: the token is consumed and the client is created in one transaction',
    async ask(stage) {
      if (stage.masterToken === undefined)
        return notAsked('set MASTER_TOKEN: one token is issued, one client registered and deleted')
      const bearer = await issue(stage, stage.masterToken)
      const { status, text } = await stage.send(stage.registrationPath, {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${bearer}` },
        body: metadata,
      })
      if (status >= 300) return judged(false, `${status} ${text.trim().slice(0, 200)}`)
      const { client_id, registration_access_token } = JSON.parse(text)
      const deleted = await stage.send(`${stage.registrationPath}/${client_id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${registration_access_token}` },
      })
      return judged(deleted.status === 204, `${status}, and ${deleted.status} to its deletion`)
    },
  },
  {
    asks: 'Does CloudFront keep errors?',
    expects: 'the second answer comes from the API again, not from a cache',
    async ask({ send }) {
      const path = `/no-such-path-${randomUUID()}`
      const { headers: first } = await send(path)
      if (first['x-amz-cf-id'] === undefined)
        return notAsked('this URL does not go through CloudFront')
      const { headers: second } = await send(path)
      const { age, 'x-cache': cache = 'none' } = second
      const isKept = age !== undefined || /hit/i.test(String(cache))
      return judged(!isKept, `x-cache: ${cache}${age === undefined ? '' : `, age: ${age}`}`)
    },
  },
]

/** Issues an initial access token for one registration, valid for 300 seconds. */
async function issue({ send }: Stage, masterToken: string): Promise<string> {
  const { status, text } = await send('/initial-access-tokens', {
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${masterToken}` },
    body: JSON.stringify({ access_token: { lifetime: 300 }, consumed: 'on_success', max_uses: 1 }),
  })
  if (status !== 200)
    throw new Error(`MASTER_TOKEN is rejected: ${status} ${text.trim().slice(0, 200)}`)
  return JSON.parse(text).access_token
}
