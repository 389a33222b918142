import { Annotations, App } from 'aws-cdk-lib'
import { SettingsError, type SettingsInput } from '../lib/settings/settings.ts'
import { RegistrationStack } from './registration-stack.ts'
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
  // Whoever writes a setting wants to read which one is wrong, not where this program stood.
  process.stderr.write(`${describe(error)}\n`)
  process.exit(1)
}

/** Clients keep their `registration_client_uri` (RFC 7592 §3): a new API has another one, unless its host is the team's. */
function warnOfAddress(stack: RegistrationStack, { customDomain, baseUrl }: SettingsInput) {
  if (customDomain !== undefined || baseUrl !== undefined) return
  Annotations.of(stack).addWarningV2(
    'client-registration:address',
    "Clients will be registered under AWS's own host name, which another API or a firewall does not keep: set customDomain, or baseUrl, before the first one registers.",
  )
}

function describe(error: unknown) {
  if (error instanceof SettingsError) return `Stage "${current}": ${error.message}`
  if (error instanceof StageError) return error.message
  return error instanceof Error ? error.stack : String(error)
}
