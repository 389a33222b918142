import { Duration, Fn, ReferenceStrength, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib'
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { originKeyHeader } from '../../functions/environment.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { accept } from '../accepted.ts'
import { nameInDns } from './custom-domain.ts'
import { knownRegion } from './known-region.ts'
import { WebAcl } from './web-acl.ts'

export type FirewallProps = {
  /** URL of the API that callers shall not reach in any other way. */
  readonly apiUrl: string
  readonly settings: Pick<Settings, 'firewall' | 'customDomain' | 'log'>
  readonly encryptionKey?: IKey | undefined
}

/**
 * CloudFront with a web ACL before the HTTP API, which itself takes none (lib/decisions/0022). CloudFront shows the API
 * the origin key, and the API lets nobody in without it.
 */
export class Firewall extends Construct {
  /** Where callers are served, without a trailing slash. */
  readonly url: string
  /** The host that a custom domain's DNS has to name. */
  readonly dnsTarget: string
  /** The keys that show a request to come from CloudFront: `{ "k1": key, … }`. */
  readonly originKeys: Secret

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id)
    const { apiUrl, settings, encryptionKey } = props
    this.originKeys = new Secret(this, 'OriginKeys', {
      description: 'Keys by which the API knows CloudFront: { id: key, … }',
      generateSecretString: {
        passwordLength: 64,
        excludePunctuation: true,
        secretStringTemplate: '{}',
        generateStringKey: 'k1',
      },
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey && { encryptionKey }),
    })
    accept(this.originKeys, 'SMG4', notRotatedByItself)
    const distribution = this.#distribution(apiUrl, settings, webAclArn(this, props))
    this.dnsTarget = distribution.distributionDomainName
    this.url = `https://${settings.customDomain?.name ?? this.dnsTarget}`
  }

  /** Lets a request into the API where it has one of the origin keys; asked once an hour for each key. */
  authorizer(lambda: IFunction): IHttpRouteAuthorizer {
    return new HttpLambdaAuthorizer('ThroughCloudFront', lambda, {
      // Without this header API Gateway answers 401 by itself, and no Lambda is run.
      identitySource: [`$request.header.${originKeyHeader}`],
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl: Duration.hours(1),
    })
  }

  #distribution(
    apiUrl: string,
    { firewall, customDomain }: FirewallProps['settings'],
    webAclId: string,
  ): Distribution {
    // A reference that CloudFormation resolves: the key stands in no template. Whoever may read the distribution sees it.
    const originKey = this.originKeys.secretValueFromJson(firewall.originKey).unsafeUnwrap()
    const distribution = new Distribution(this, 'Distribution', {
      comment: Stack.of(this).stackName,
      webAclId,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: new HttpOrigin(Fn.select(2, Fn.split('/', apiUrl)), {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          customHeaders: { [originKeyHeader]: originKey },
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        // A redirect would come after the token was sent in clear.
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
    if (customDomain) nameInDns(this, customDomain, new CloudFrontTarget(distribution))
    accept(distribution, 'CFR1', 'Clients of an authorization server may be anywhere.')
    accept(
      distribution,
      'CFR3',
      "The web ACL and the API each log every request; CloudFront's own log would write down the query, which could carry a token.",
    )
    if (!customDomain)
      accept(
        distribution,
        'CFR4',
        "CloudFront's own host name knows no other policy; with the setting customDomain it is TLS 1.2 or later.",
      )
    return distribution
  }
}

const notRotatedByItself =
  'CloudFront takes a new key by a deployment only: the commands in cdk/README.md rotate it, without a request being turned away.'

/** The team's own web ACL, or one that is made: in this stack, or in one of its own where this is not in us-east-1. */
function webAclArn(scope: Construct, { settings, encryptionKey }: FirewallProps): string {
  const { firewall, log } = settings
  if (firewall.webAcl !== undefined) return firewall.webAcl
  const { rate } = firewall
  const stack = Stack.of(scope)
  if (knownRegion(scope, 'firewall.enabled', 'its web ACL is made in us-east-1') === home)
    return new WebAcl(scope, 'WebAcl', { rate, log, encryptionKey }).arn
  const apart = new Stack(Stage.of(scope) ?? scope, `${stack.node.id}-Firewall`, {
    description: 'The web ACL before a client registration service',
    env: { account: stack.account, region: home },
  })
  // Read from the other stack's output; a strong reference would bring Lambdas of its own into both stacks.
  return Stack.consumeReference(
    new WebAcl(apart, 'WebAcl', { rate, log }).arn,
    ReferenceStrength.WEAK,
  )
}

/** Where everything lives that guards CloudFront. */
const home = 'us-east-1'
