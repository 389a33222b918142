import { App } from 'aws-cdk-lib'
import { SettingsError } from '../lib/settings/settings.ts'
import { RegistrationStack } from './registration-stack.ts'
import { extensionsFolder, StageError, selectStages } from './stages.ts'

const app = new App()
let current = ''

try {
  const extensions = extensionsFolder(app.node)
  for (const [stage, settings] of selectStages(app.node)) {
    current = stage
    new RegistrationStack(app, `ClientRegistration-${stage}`, { settings, extensions })
  }
  app.synth()
} catch (error) {
  // Whoever writes a setting wants to read which one is wrong, not where this program stood.
  process.stderr.write(`${describe(error)}\n`)
  process.exit(1)
}

function describe(error: unknown) {
  if (error instanceof SettingsError) return `Stage "${current}": ${error.message}`
  if (error instanceof StageError) return error.message
  return error instanceof Error ? error.stack : String(error)
}
