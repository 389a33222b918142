import { Construct } from 'constructs'
import { CustomDomain } from '../options/custom-domain.ts'
import { Firewall } from '../options/firewall.ts'
import type { Origin } from '../options/origin.ts'
import type { StageSettings } from '../settings/settings.ts'
import { RegistrationApi } from './registration-api.ts'
import type { LambdaOptions } from './service-function.ts'

export type EdgeProps = LambdaOptions & {
  /** Name of the service. */
  readonly name: string
  readonly settings: StageSettings
}

/**
 * What callers reach: the HTTP API, with the hostname of API Gateway or a custom domain, or
 * CloudFront and its firewall in front of the API.
 */
export class Edge extends Construct {
  readonly api: RegistrationApi
  /** Base URL of the service, without a trailing slash. */
  readonly url: string
  /** Target host for the DNS record of a custom domain. */
  readonly dnsTarget: string | undefined
  /** Prevents callers from bypassing the firewall; undefined without one. */
  readonly origin: Origin | undefined

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id)
    const { firewall, customDomain } = props.settings
    // Beside this construct, not below it: the logical id of its mapping to the API contains its path,
    // and API Gateway rejects a second mapping of the same hostname.
    const domain =
      customDomain && !firewall.enabled
        ? new CustomDomain(scope, 'Domain', customDomain)
        : undefined
    this.api = new RegistrationApi(this, 'Api', { ...props, domain })
    const wall = firewall.enabled
      ? new Firewall(this, 'Firewall', { ...props, apiUrl: this.api.url })
      : undefined
    this.url = (wall ?? this.api).url
    this.dnsTarget = wall?.dnsTarget ?? domain?.regionalDomainName
    this.origin = wall?.origin
  }
}
