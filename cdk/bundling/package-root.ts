import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'

/** The folder of cdk, functions and lib: of TypeScript in a checkout, of JavaScript in the package. */
export const root = join(import.meta.dirname, '../..')

/** Path of a module in functions/, without its extension. */
export const functionsModule = (name: string): string =>
  join(root, 'functions', `${name}${extname(import.meta.filename)}`)

/** The bundles of the published package. A checkout has none: it bundles its own sources. */
export const prebuilt = join(root, 'bundles')

export const isPublishedPackage = existsSync(prebuilt)

/** The version of this package, in a checkout and as published. */
export const packageVersion: string = createRequire(import.meta.url)(
  'client-registration-service/package.json',
).version
