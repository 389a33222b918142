import { shadowedMembers } from '../../lib/metadata/shadowed-members.ts'
import { endpoints } from '../api/endpoints.ts'
import type { StageSettings } from './schema.ts'

/** Finds contradictions between settings of a deployment. Returns one line for each. */
export function validateDeployment(settings: StageSettings): readonly string[] {
  return [
    ...paths(settings),
    ...redeclared(settings),
    ...firewalls(settings),
    ...absentLambdas(settings),
    ...regions(settings),
    ...concurrencies(settings),
  ]
}

/** The registration path may not begin as a path that another endpoint has under any settings. */
function paths({ issuer: _, ...settings }: StageSettings): readonly string[] {
  const others = Object.values(endpoints).flatMap(({ routes }) =>
    Object.keys(routes({ ...settings, registrationPath: '' })),
  )
  return others.map(firstSegment).includes(firstSegment(settings.registrationPath))
    ? ['registrationPath: collides with another endpoint of this service']
    : []
}

const firstSegment = (path: string): string | undefined => path.split('/')[1]

/** Found at synthesis, because the Lambdas do not bundle the full list of standard members. */
const redeclared = (settings: StageSettings): readonly string[] =>
  shadowedMembers(settings).map(
    (name) => `metadata.unknown.allow.${name}: is a standard member and cannot be redeclared`,
  )

const firewalls = ({ firewall }: StageSettings): readonly string[] =>
  firewall.enabled || firewall.webAcl === undefined
    ? []
    : ['firewall.webAcl: contradicts firewall.enabled: false']

/** Finds concurrency settings of Lambdas that the stage does not deploy. */
function absentLambdas(settings: StageSettings): readonly string[] {
  const { cleanUp, connectors, firewall, registration, useEventSource, concurrency } = settings
  const absent = [
    ['authorize-origin', !firewall.enabled, 'firewall.enabled: false'],
    ['clean-up', cleanUp.mode === 'off', 'cleanUp.mode: off'],
    ['push-clients', connectors.length === 0, 'no connectors'],
    ['reconcile-clients', connectors.length === 0, 'no connectors'],
    ['record-use', useEventSource === undefined, 'no useEventSource'],
    ['register-client', registration === 'disabled', 'registration: disabled'],
  ] as const
  return absent.flatMap(([name, isAbsent, setting]) => {
    const { reserved, provisioned } = concurrency[name]
    return isAbsent && (reserved !== undefined || provisioned > 0)
      ? [`concurrency.${name}: contradicts ${setting}`]
      : []
  })
}

/**
 * CloudFront requires its certificate in us-east-1. Every other certificate must be in the stage's
 * own Region.
 */
function regions(settings: StageSettings): readonly string[] {
  const { region, connectors, customDomain, existing, firewall, encryptionKey, alarms } = settings
  const arns = [
    [
      'customDomain.certificate',
      customDomain?.certificate,
      firewall.enabled ? 'us-east-1' : region,
    ],
    ['encryptionKey', encryptionKey, region],
    ['alarms.topic', alarms.topic, region],
    ['existing.table', existing?.table, region],
    ['existing.keyRing', existing?.keyRing, region],
    ['existing.clientSecretKeyRing', existing?.clientSecretKeyRing, region],
    ...connectors.map(
      (connector, index) =>
        [
          `connectors.${index}.secretArn`,
          'secretArn' in connector ? connector.secretArn : undefined,
          region,
        ] as const,
    ),
  ] as const
  return arns.flatMap(([name, arn, wanted]) => {
    const actual = arn?.split(':')[3]
    return actual === undefined || wanted === undefined || actual === wanted
      ? []
      : [`${name}: is in ${actual}; expected one in ${wanted}`]
  })
}

const minAuthorizerConcurrency = 20

/** Lambdas that no caller waits for. */
const unattended = ['publish-events', 'clean-up', 'record-use', 'push-clients', 'reconcile-clients']

const concurrencies = ({ concurrency }: StageSettings): readonly string[] =>
  Object.entries(concurrency).flatMap(([name, { reserved, provisioned }]) => {
    // Each guessed key occupies an execution. The rest must suffice for CloudFront's own hourly
    // call.
    if (
      name === 'authorize-origin' &&
      (reserved ?? minAuthorizerConcurrency) < minAuthorizerConcurrency
    )
      return [
        `concurrency.authorize-origin.reserved: expected at least ${minAuthorizerConcurrency}`,
      ]
    if (unattended.includes(name) && provisioned > 0)
      return [`concurrency.${name}.provisioned: nobody waits for it; leave it out`]
    return provisioned > (reserved ?? provisioned)
      ? [
          `concurrency.${name}.provisioned: contradicts reserved: ${reserved}; expected at most that`,
        ]
      : []
  })
