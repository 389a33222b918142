import { Stack, Token } from 'aws-cdk-lib'
import { RegionInfo } from 'aws-cdk-lib/region-info'
import type { Construct } from 'constructs'
import { SettingsError } from '../../lib/settings/settings-error.ts'

/**
 * The Region of the stack. Throws SettingsError when it is left to the credentials but a setting
 * depends on it.
 */
export function requireRegion(scope: Construct, setting: string, reason: string): string {
  const { region } = Stack.of(scope)
  if (!Token.isUnresolved(region)) return region
  throw new SettingsError([
    `${setting}: needs the setting region (such as "eu-central-1"), because ${reason}`,
  ])
}

/** Domain suffix of AWS services in the stack's Region, such as `cn-north-1.amazonaws.com.cn`. */
export const hostSuffix = ({ region, urlSuffix }: Stack): string =>
  `${region}.${Token.isUnresolved(region) ? urlSuffix : RegionInfo.get(region).domainSuffix}`
