import { Duration, Fn, ReferenceStrength, Stack, Stage } from 'aws-cdk-lib'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  type ErrorResponse,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets'
import { Construct } from 'constructs'
import type { LambdaOptions } from '../api/service-function.ts'
import type { StageSettings } from '../settings/settings.ts'
import { suppressNag } from '../suppressions.ts'
import { addDnsRecords } from './custom-domain.ts'
import { Origin } from './origin.ts'
import { requireRegion } from './require-region.ts'
import { WebAcl } from './web-acl.ts'

export type FirewallProps = LambdaOptions & {
  /** Name of the service. */
  readonly name: string
  /** URL of the API. Callers can reach it only through CloudFront. */
  readonly apiUrl: string
  readonly settings: Pick<StageSettings, 'firewall' | 'customDomain'>
}

/**
 * CloudFront with a web ACL in front of the HTTP API, which does not support one itself
 * (lib/decisions/0022). CloudFront sends the origin key, and the API rejects requests without it.
 */
export class Firewall extends Construct {
  /** Base URL of the service, without a trailing slash. */
  readonly url: string
  /** Target host for the DNS record of a custom domain. */
  readonly dnsTarget: string
  /** Prevents callers from bypassing the firewall. */
  readonly origin: Origin

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id)
    const { name, apiUrl, settings } = props
    this.origin = new Origin(this, 'Origin', props)
    const distribution = this.#distribution(name, apiUrl, settings, webAclArn(this, props))
    this.dnsTarget = distribution.distributionDomainName
    this.url = `https://${settings.customDomain?.name ?? this.dnsTarget}`
  }

  #distribution(
    name: string,
    apiUrl: string,
    { firewall, customDomain }: FirewallProps['settings'],
    webAclId: string,
  ): Distribution {
    const distribution = new Distribution(this, 'Distribution', {
      comment: name,
      webAclId,
      httpVersion: HttpVersion.HTTP2_AND_3,
      errorResponses: neverCached,
      defaultBehavior: {
        origin: new HttpOrigin(Fn.select(2, Fn.split('/', apiUrl)), {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          customHeaders: this.origin.header(firewall.originKey),
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        // A redirect would be too late: the token has already been sent in clear text.
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        compress: false,
      },
      ...(customDomain && {
        domainNames: [customDomain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', customDomain.certificate),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    })
    if (customDomain) addDnsRecords(this, customDomain, new CloudFrontTarget(distribution))
    suppressNag(distribution, 'CFR1', 'Clients of an authorization server may be anywhere.')
    suppressNag(
      distribution,
      'CFR3',
      "The web ACL and the API each log every request; CloudFront's own log would write down the query, which could carry a token.",
    )
    if (!customDomain)
      suppressNag(
        distribution,
        'CFR4',
        "CloudFront's own hostname knows no other policy; with the setting customDomain it is TLS 1.2 or later.",
      )
    return distribution
  }
}

/**
 * Statuses that CloudFront otherwise caches for ten seconds, even with `no-store` (RFC 9111
 * §5.2.2.5).
 */
const neverCached: ErrorResponse[] = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504].map(
  (httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) }),
)

/**
 * ARN of the team's web ACL, or of a new one. Outside us-east-1, the new one gets its own stack.
 */
function webAclArn(scope: Construct, { name, settings, encryptionKey }: FirewallProps): string {
  const { firewall, log } = settings
  if (firewall.webAcl !== undefined) return firewall.webAcl
  const { rate } = firewall
  const stack = Stack.of(scope)
  if (
    requireRegion(scope, 'firewall.enabled', 'its web ACL is made in us-east-1') ===
    cloudFrontRegion
  )
    return new WebAcl(scope, 'WebAcl', { name, rate, log, encryptionKey }).arn
  const stackName = `${name}-Firewall`
  const apart = new Stack(Stage.of(scope) ?? scope, stackName, {
    stackName,
    description: 'The web ACL before a client registration service',
    terminationProtection: stack.terminationProtection,
    env: { account: stack.account, region: cloudFrontRegion },
  })
  // Reads the output of the other stack. A strong reference would add Lambdas to both stacks.
  return Stack.consumeReference(
    new WebAcl(apart, 'WebAcl', { name: stackName, rate, log }).arn,
    ReferenceStrength.WEAK,
  )
}

/** CloudFront accepts web ACLs from this Region only. */
const cloudFrontRegion = 'us-east-1'
