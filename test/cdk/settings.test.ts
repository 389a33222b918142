import { describe, expect, test } from 'vitest'
import { parseStageSettings } from '../../cdk/settings/settings.ts'
import { profiles } from '../../lib/settings/profiles.ts'
import { problemsOf } from '../support/problems-of.ts'
import { variants } from './variants.ts'

const problemsOfStage = (input: unknown) => problemsOf(input, parseStageSettings)

const certificate = (region: string) =>
  `arn:aws:acm:${region}:123456789012:certificate/11111111-2222-3333-4444-555555555555`
const name = 'register.example.com'

describe('settings of how a stage is deployed', () => {
  test('change nothing where there are none', () => {
    expect(parseStageSettings({})).toMatchObject({
      firewall: { enabled: false, rate: 1000, originKey: 'k1' },
      encryptionKey: 'aws',
      tracing: false,
      concurrency: { 'register-client': { provisioned: 0 } },
    })
  })

  test.each(Object.entries(variants))('are valid: %s', (_, settings) => {
    expect(problemsOfStage(settings)).toEqual([])
  })

  test.each([
    ['a Region that is none', { region: 'Frankfurt' }, 'region: expected a Region such as'],
    [
      'a domain that is a URL',
      { customDomain: { name: `https://${name}`, certificate: certificate('eu-central-1') } },
      'customDomain.name: expected a hostname in lower case',
    ],
    ['a domain without a certificate', { customDomain: { name } }, 'customDomain.certificate: '],
    [
      'a zone by its name alone',
      { customDomain: { name, certificate: certificate('x'), hostedZone: { name } } },
      'customDomain.hostedZone.id: ',
    ],
    [
      'a web ACL of a Region',
      {
        firewall: {
          enabled: true,
          webAcl: 'arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/a/b',
        },
      },
      'firewall.webAcl: expected the ARN of a web ACL of scope `CLOUDFRONT`',
    ],
    ['a word for a key', { encryptionKey: 'mine' }, 'encryptionKey: expected `aws`, `stack` or'],
    [
      'a Lambda that is none',
      { concurrency: { register: { reserved: 1 } } },
      'concurrency.register: unknown setting; known here: register-client, ',
    ],
    [
      'no Lambda at all',
      { concurrency: { discovery: { reserved: 0 } } },
      'concurrency.discovery.reserved: expected a whole number from 1',
    ],
  ])('are rejected: %s', (_, settings, problem) => {
    expect(problemsOfStage(settings).map((line) => line.slice(0, problem.length))).toContain(
      problem,
    )
  })

  test.each([
    [
      'a web ACL that protects nothing',
      { firewall: { webAcl: variants['a firewall with a web ACL of the team'].firewall.webAcl } },
      'firewall.webAcl: contradicts firewall.enabled: false',
    ],
    [
      'an authorizer without a firewall',
      { concurrency: { 'authorize-origin': { provisioned: 1 } } },
      'concurrency.authorize-origin: contradicts firewall.enabled: false',
    ],
    [
      'a certificate of the Region, for CloudFront',
      {
        firewall: { enabled: true },
        customDomain: { name, certificate: certificate('eu-central-1') },
      },
      'customDomain.certificate: is in eu-central-1; expected one in us-east-1',
    ],
    [
      'a certificate of another Region',
      {
        region: 'eu-central-1',
        customDomain: { name, certificate: certificate('us-east-1') },
      },
      'customDomain.certificate: is in us-east-1; expected one in eu-central-1',
    ],
    [
      'a key of another Region',
      { ...variants['a key that is brought along'], region: 'eu-west-1' },
      'encryptionKey: is in eu-central-1; expected one in eu-west-1',
    ],
    [
      'more that are kept started than may run',
      { concurrency: { clients: { reserved: 2, provisioned: 3 } } },
      'concurrency.clients.provisioned: contradicts reserved: 2; expected at most that',
    ],
    [
      'an authorizer that a few guesses keep busy',
      { firewall: { enabled: true }, concurrency: { 'authorize-origin': { reserved: 1 } } },
      'concurrency.authorize-origin.reserved: expected at least 20',
    ],
    [
      'events that wait for a start',
      { concurrency: { 'publish-events': { provisioned: 1 } } },
      'concurrency.publish-events.provisioned: nobody waits for it; leave it out',
    ],
  ])('contradict each other: %s', (_, settings, problem) => {
    expect(problemsOfStage(settings)).toEqual([problem])
  })
  test.each([
    [
      'the path of another endpoint',
      { registrationPath: '/clients' },
      /^registrationPath: collides/,
    ],
    [
      'concurrency of registrations that are disabled',
      { registration: 'disabled', concurrency: { 'register-client': { reserved: 1 } } },
      /^concurrency\.register-client: contradicts registration: disabled$/,
    ],
    [
      'an origin with a path',
      { cors: { origins: ['https://a.example/x'] } },
      /^cors\.origins\.0: expected an origin/,
    ],
    [
      'an origin beside all of them',
      { cors: { origins: ['*', 'https://a.example'] } },
      /^cors\.origins: expected \* alone/,
    ],
    [
      'a header that is none',
      { cors: { allowHeaders: ['a b'] } },
      /^cors\.allowHeaders\.0: expected the name of a header/,
    ],
  ])('are rejected by name: %s', (_, settings, problem) => {
    expect(problemsOfStage(settings).join('\n')).toMatch(problem)
  })

  test.each(Object.keys(profiles))('the profile %s is valid', (profile) => {
    expect(problemsOfStage({ profile })).toEqual([])
  })

  test("one error names the problems of the service's settings and of the deployment's", () => {
    expect(problemsOfStage({ color: 1, issuer: 'as', alarms: { deadLetters: 0 } })).toEqual([
      expect.stringMatching(/^issuer: expected an https URL/),
      expect.stringMatching(/^alarms\.deadLetters: /),
      expect.stringMatching(/^color: unknown setting; known here: profile, .*, cors, .*, alarms$/),
    ])
    const contradictions = {
      policies: ['allowed-scopes'],
      concurrency: { 'publish-events': { provisioned: 1 } },
    }
    expect(problemsOfStage(contradictions)).toEqual([
      'policies: allowed-scopes needs policySettings.allowed-scopes',
      'concurrency.publish-events.provisioned: nobody waits for it; leave it out',
    ])
  })
})
