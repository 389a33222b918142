import { Annotations, App } from 'aws-cdk-lib'
import { SettingsError } from '../lib/settings/settings-error.ts'
import { RegistrationStack } from './registration-stack.ts'
import type { StageSettingsInput } from './settings/settings.ts'
import { extensionsFolder, StageError, selectStages } from './stages.ts'

const app = new App()
let current = ''

try {
  const extensions = extensionsFolder(app.node)
  for (const [stage, settings] of selectStages(app.node)) {
    current = stage
    const isForOthers = stage !== 'dev'
    const stack = new RegistrationStack(app, `ClientRegistration-${stage}`, {
      settings,
      extensions,
      terminationProtection: isForOthers,
    })
    if (isForOthers) warnOfAddress(stack, settings)
  }
  app.synth()
} catch (error) {
  // For an invalid setting, the message is enough: a stack trace would hide it.
  process.stderr.write(`${describe(error)}\n`)
  process.exit(1)
}

/**
 * A client's `registration_client_uri` (RFC 7592 §3) never changes. A new API gets a new AWS host
 * name, so stored URIs break unless the host is the team's own.
 */
function warnOfAddress(stack: RegistrationStack, { customDomain, baseUrl }: StageSettingsInput) {
  if (customDomain !== undefined || baseUrl !== undefined) return
  Annotations.of(stack).addWarningV2(
    'client-registration:address',
    "Clients will be registered under AWS's own hostname, which another API or a firewall does not keep: set customDomain, or baseUrl, before the first one registers.",
  )
}

function describe(error: unknown) {
  if (error instanceof SettingsError) return `Stage "${current}": ${error.message}`
  if (error instanceof StageError) return error.message
  return error instanceof Error ? error.stack : String(error)
}
