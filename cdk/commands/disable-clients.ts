import { Command, Option } from 'commander'
import type { DisableJobView } from '../../lib/disable-job/job-view.ts'
import { describeError } from './cli-error.ts'
import { changeJob, createJob, type Service } from './disable-clients/jobs-api.ts'
import { watchInterrupt } from './interrupt.ts'

const jobOptions = ['resume', 'undo', 'cancel'] as const

/** Disables many clients by a job that can be interrupted, resumed and undone. */
export const disableClients = new Command('disable-clients')
  .description(
    'Disables all clients of a redirect host, a software_id, an owner or a key, by a job that can be interrupted, resumed and undone.',
  )
  .requiredOption('--url <url>', "the stack's output Url")
  .option('--redirect-host <host>', 'clients with a redirect URI on exactly this host')
  .option('--software-id <id>', 'clients with this software_id')
  .option('--owner <sub>', 'clients of this owner')
  .option('--iss <issuer>', 'with --owner: only of this issuer; empty for owners without one')
  .option('--key-thumbprint <thumbprint>', 'clients with this key in jwks (RFC 7638, SHA-256)')
  .option('--note <text>', 'a note that is kept with the job')
  .option('--dry-run', 'only list what would be disabled')
  .addOption(new Option('--resume <job>', 'continue a job that was interrupted'))
  .addOption(new Option('--undo <job>', 'enable what a job disabled'))
  .addOption(new Option('--cancel <job>', 'end a job; what it disabled stays disabled'))
  .addHelpText(
    'after',
    `
It takes the master token, or an access token of an operator, from the environment variable MASTER_TOKEN. It prints the
clients on standard output, one a line, and its progress on standard error. Ctrl-C ends it after the current request,
and prints how to resume. It exits with 1 after an error, and with 130 after Ctrl-C.`,
  )
  .action(async (options: Options, command: Command) => {
    const problem = problemOf(options)
    if (problem !== undefined) command.error(`error: ${problem}`)
    const service = { url: options.url, token: process.env.MASTER_TOKEN ?? '' }
    const isInterrupted = watchInterrupt()
    try {
      const job = await begin(service, options)
      process.exitCode = (await finish(service, job, isInterrupted)) ? 0 : 130
    } catch (error) {
      command.error(`error: ${describeError(error)}`)
    }
  })

type Options = {
  readonly url: string
  readonly redirectHost?: string
  readonly softwareId?: string
  readonly owner?: string
  readonly iss?: string
  readonly keyThumbprint?: string
  readonly note?: string
  readonly dryRun?: boolean
  readonly resume?: string
  readonly undo?: string
  readonly cancel?: string
}

function problemOf(options: Options): string | undefined {
  const { url, redirectHost, softwareId, owner, keyThumbprint, resume, undo, cancel } = options
  const given = [redirectHost, softwareId, owner, keyThumbprint, resume, undo, cancel]
  if (!/^https?:/.test(url) || !URL.canParse(url))
    return `--url: expected a URL, such as the stack's output Url`
  if (given.filter((value) => value !== undefined).length !== 1)
    return 'give exactly one of --redirect-host, --software-id, --owner, --key-thumbprint, --resume, --undo, --cancel'
  if (options.iss !== undefined && owner === undefined) return '--iss goes with --owner'
  const hasJob = jobOptions.some((name) => options[name] !== undefined)
  if (hasJob && (options.note !== undefined || options.dryRun))
    return '--note and --dry-run go with a new job'
  // An empty variable, as after a failed command substitution, counts as unset.
  if (!process.env.MASTER_TOKEN) return 'no token: set MASTER_TOKEN'
  return undefined
}

function begin(service: Service, options: Options): Promise<DisableJobView> {
  const { resume, undo, cancel } = options
  if (resume !== undefined) return changeJob(service, resume, 'continue')
  if (undo !== undefined) return changeJob(service, undo, 'undo')
  if (cancel !== undefined) return changeJob(service, cancel, 'cancel')
  return createJob(service, {
    redirect_host: options.redirectHost,
    software_id: options.softwareId,
    owner: options.owner,
    iss: options.iss,
    key_thumbprint: options.keyThumbprint,
    note: options.note,
    dry_run: options.dryRun,
  })
}

/** Continues the job until nothing is left to do. Resolves to false if it was interrupted. */
async function finish(
  service: Service,
  begun: DisableJobView,
  isInterrupted: () => boolean,
): Promise<boolean> {
  const resume = `--url ${service.url} --resume ${begun.id}`
  process.stderr.write(`job ${begun.id}\n`)
  let job = begun
  for (;;) {
    for (const client_id of job.client_ids) process.stdout.write(`${client_id}\n`)
    process.stderr.write(`${progressOf(job)}\n`)
    if (job.state !== 'running' && job.state !== 'undoing') break
    if (isInterrupted()) {
      process.stderr.write(`interrupted; to resume, run it with: ${resume}\n`)
      return false
    }
    try {
      job = await changeJob(service, job.id, 'continue')
    } catch (error) {
      process.stderr.write(`to resume, run it with: ${resume}\n`)
      throw error
    }
  }
  if (job.state === 'done' && job.disabled > 0)
    process.stderr.write(`to undo, run it with: --url ${service.url} --undo ${job.id}\n`)
  return true
}

function progressOf(job: DisableJobView): string {
  if (job.state === 'undoing' || job.state === 'undone')
    return `${job.state}: ${job.enabled} of ${job.disabled} clients enabled, ${job.untouched} left alone`
  const { examined, matched, disabled, already_disabled, skipped } = job
  const counts = `${examined} clients examined, ${matched} match, ${already_disabled} of them disabled before`
  return job.dry_run
    ? `${job.state}: ${counts}, ${skipped} would be disabled`
    : `${job.state}: ${counts}, ${disabled} disabled`
}
