import { DomainName, IpAddressType } from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AaaaRecord,
  ARecord,
  HostedZone,
  type IAliasRecordTarget,
  RecordTarget,
} from 'aws-cdk-lib/aws-route53'
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets'
import type { Construct } from 'constructs'
import type { StageSettings } from '../settings/settings.ts'

export type CustomDomainProps = NonNullable<StageSettings['customDomain']>

/** Custom domain of the team, on which API Gateway serves the API. */
export class CustomDomain extends DomainName {
  constructor(scope: Construct, id: string, props: CustomDomainProps) {
    super(scope, id, {
      domainName: props.name,
      certificate: Certificate.fromCertificateArn(scope, `${id}Certificate`, props.certificate),
      ipAddressType: IpAddressType.DUAL_STACK,
    })
    addDnsRecords(
      this,
      props,
      new ApiGatewayv2DomainProperties(this.regionalDomainName, this.regionalHostedZoneId),
    )
  }
}

/**
 * Creates A and AAAA alias records when a hosted zone is configured. Otherwise the team creates its
 * own records.
 */
export function addDnsRecords(
  scope: Construct,
  { name, hostedZone }: CustomDomainProps,
  alias: IAliasRecordTarget,
): void {
  if (hostedZone === undefined) return
  const zone = HostedZone.fromHostedZoneAttributes(scope, 'Zone', {
    hostedZoneId: hostedZone.id,
    zoneName: hostedZone.name,
  })
  const record = { zone, recordName: name, target: RecordTarget.fromAlias(alias) }
  new ARecord(scope, 'Ipv4', record)
  new AaaaRecord(scope, 'Ipv6', record)
}
