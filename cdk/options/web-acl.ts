import { Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import { logGroupOptions } from '../log-group-options.ts'
import type { StageSettings } from '../settings/settings.ts'

export type WebAclProps = {
  /** Suffix of the log group's name. */
  readonly name: string
  /** Max requests per IP address in five minutes. */
  readonly rate: number
  readonly log: StageSettings['log']
  /** KMS key of the log group; must be in us-east-1. */
  readonly encryptionKey?: IKey | undefined
}

/**
 * Blocks IP addresses over the rate limit, addresses with a bad reputation, and known exploit
 * requests. Omits AWS's core rule set, because it blocks valid metadata such as the loopback
 * redirect URIs of native apps (RFC 8252 §7.3). Must be in us-east-1, like everything attached to
 * CloudFront.
 */
export class WebAcl extends Construct {
  readonly arn: string

  constructor(scope: Construct, id: string, { name, rate, log, encryptionKey }: WebAclProps) {
    super(scope, id)
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visible('all'),
      customResponseBodies: {
        [tooMany]: { contentType: 'APPLICATION_JSON', content: JSON.stringify(slowDown) },
      },
      rules: [
        rateRule(rate),
        managedRules('AWSManagedRulesAmazonIpReputationList', 1),
        managedRules('AWSManagedRulesKnownBadInputsRuleSet', 2),
      ],
    })
    this.arn = acl.attrArn
    const group = new LogGroup(this, 'Log', {
      // AWS WAF requires this prefix.
      logGroupName: `aws-waf-logs-${name}`,
      ...logGroupOptions(log, encryptionKey),
    })
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: `log-group:${group.logGroupName}`,
        }),
      ],
      // Each of these could contain a token, or the key that repeats a response with one.
      redactedFields: [
        { singleHeader: { Name: 'authorization' } },
        { singleHeader: { Name: 'idempotency-key' } },
        { queryString: {} },
        { uriPath: {} },
      ],
    })
  }
}

const tooMany = 'too-many'

const slowDown = {
  error: 'temporarily_unavailable',
  error_description: 'too many requests from this address; try again in a minute',
}

const rateRule = (limit: number): CfnWebACL.RuleProperty => ({
  name: 'rate',
  priority: 0,
  statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit, evaluationWindowSec: 300 } },
  action: {
    block: {
      customResponse: {
        responseCode: 429,
        customResponseBodyKey: tooMany,
        responseHeaders: [
          { name: 'retry-after', value: '60' },
          { name: 'cache-control', value: 'no-store' },
        ],
      },
    },
  },
  visibilityConfig: visible('rate'),
})

const managedRules = (name: string, priority: number): CfnWebACL.RuleProperty => ({
  name,
  priority,
  statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
  overrideAction: { none: {} },
  visibilityConfig: visible(name),
})

/** Enables CloudWatch metrics, but no request samples: those show complete headers. */
function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false }
}
