import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Locked, listedPackages as listed, lock } from './packages.ts'
import { read, root } from './tables.ts'

type Named = Readonly<Record<string, string>>
type Manifest = {
  readonly dependencies: Named
  readonly devDependencies: Named
  readonly peerDependencies: Named
  readonly optionalDependencies: Named
}

const manifest: Manifest = JSON.parse(read('package.json'))
const programs: Manifest = JSON.parse(read('cdk/local/programs/package.json'))

const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? ''

/** Every package of others in the lock, by its path. */
const locked = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link === undefined,
)

const exceptions = new Map(
  listed('Exceptions').map(([name, license = '']) => [name, license] as const),
)

const always = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]
const inDevelopment = [...always, 'MPL-2.0', 'CC0-1.0']

type Stated = {
  readonly license?: string
  /** The form before SPDX expressions. */
  readonly licenses?: readonly { readonly type: string }[]
}

/** The license as the installed package says it; as the lock does for another platform's. */
function licenseOf(path: string, { license = '' }: Locked): string {
  const file = join(path, 'package.json')
  if (!existsSync(join(root, file))) return license
  const { license: stated, licenses = [] }: Stated = JSON.parse(read(file))
  return stated ?? licenses.map(({ type }) => type).join(' OR ')
}

/** Whether one of the alternatives of a license expression is allowed. */
const isAllowed = (license: string, allowed: readonly string[]): boolean =>
  license
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((alternative) => allowed.includes(alternative))

describe('lib/decisions/dependencies.md', () => {
  const applications = Object.keys(manifest.peerDependencies)
  test.each([
    ['Of the service and the package', Object.keys(manifest.dependencies)],
    ['Of the application that deploys', applications],
    [
      'Of development',
      Object.keys(manifest.devDependencies).filter((name) => !applications.includes(name)),
    ],
    ['Programs of this machine', Object.keys(programs.optionalDependencies)],
  ])('lists the packages under "%s", with their licenses', (heading, names) => {
    const table = listed(heading)
    expect(table.map(([name]) => name)).toEqual([...names].sort())
    for (const [name, purpose, reason, license] of table) {
      expect([purpose, reason], name).not.toContain('')
      expect(license, name).toBe(lock.packages[`node_modules/${name}`]?.license)
    }
  })

  test('every package in the lock has an allowed license, or an exception', () => {
    const others = locked.filter(
      ([path, { dev, ...entry }]) =>
        !isAllowed(licenseOf(path, entry), dev ? inDevelopment : always),
    )
    expect(others.filter(([, { dev }]) => dev !== true).map(([path]) => path)).toEqual([])
    const stated = others.map(([path, entry]) => [nameOf(path), licenseOf(path, entry)])
    expect(new Map(stated as [string, string][])).toEqual(exceptions)
  })

  test('every package in the lock comes from the npm registry, with a hash', () => {
    const registry = 'https://registry.npmjs.org/'
    const unverified = locked.filter(
      ([, { inBundle, resolved = registry, integrity = '' }]) =>
        inBundle !== true && !(resolved.startsWith(registry) && integrity.startsWith('sha512-')),
    )
    expect(unverified.map(([path]) => path)).toEqual([])
  })

  test('every direct dependency has an exact version', () => {
    const { dependencies, devDependencies } = manifest
    const direct = { ...dependencies, ...devDependencies, ...programs.optionalDependencies }
    for (const [name, version] of Object.entries(direct))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
  })

  test('the packages with an install script are those that are listed', () => {
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript)
    expect(scripted.map(([path]) => nameOf(path))).toEqual(
      listed('Install scripts').map(([name]) => name),
    )
  })
})
