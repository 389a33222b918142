#!/usr/bin/env node
import { Command } from 'commander'
import { describeError } from './cli-error.ts'
import { disableClients } from './disable-clients.ts'
import { exportClients } from './export.ts'
import { importClients } from './import.ts'
import { index } from './index-clients.ts'
import { judge } from './judge.ts'
import { republish } from './republish.ts'
import { restore } from './restore.ts'
import { verifyAws } from './verify-aws.ts'

// A reader of the output, such as `head`, may close it early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

/** The operator's command line: `client-registration <command> --help` describes each command. */
const program = new Command('client-registration')
  .description(
    "Commands for operators of the client registration service. They use this shell's AWS credentials and Region.",
  )
  .addCommand(restore)
  .addCommand(republish)
  .addCommand(judge)
  .addCommand(index)
  .addCommand(exportClients)
  .addCommand(importClients)
  .addCommand(verifyAws)
  .addCommand(disableClients)

try {
  await program.parseAsync()
} catch (error) {
  program.error(`error: ${describeError(error)}`)
}
