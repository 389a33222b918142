import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join, resolve } from 'node:path'

/** The folder of cdk, functions and lib: of TypeScript in a checkout, of JavaScript in the package. */
export const root = join(import.meta.dirname, '../..')

/** Path of a module in functions/, without its extension. */
export const functionsModule = (name: string): string =>
  join(root, 'functions', `${name}${extname(import.meta.filename)}`)

/**
 * Path of the module that a Lambda imports as `#extensions/<name>`: the one in this folder, in
 * TypeScript or JavaScript, or else the one in functions/extensions.
 */
export function extensionModule(name: string, folder: string | undefined): string {
  const files = folder === undefined ? [] : readdirSync(folder)
  const file = files.find((candidate) => new RegExp(`^${name}\\.[cm]?[jt]s$`).test(candidate))
  return folder === undefined || file === undefined
    ? functionsModule(`extensions/${name}`)
    : resolve(folder, file)
}

/** The bundles of the published package. A checkout has none: it bundles its own sources. */
export const prebuilt = join(root, 'bundles')

export const isPublishedPackage = existsSync(prebuilt)

/** The version of this package, in a checkout and as published. */
export const packageVersion: string = createRequire(import.meta.url)(
  'client-registration-service/package.json',
).version
