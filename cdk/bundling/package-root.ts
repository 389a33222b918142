import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'

/** The folder of cdk, functions and lib: of TypeScript in a checkout, of JavaScript in the package. */
export const root = join(import.meta.dirname, '../..')

/** Path of a module in functions/, without its extension. */
export const functionsModule = (name: string): string =>
  join(root, 'functions', `${name}${extname(import.meta.filename)}`)

/** The bundles of the published package. A checkout has none: it bundles its own sources. */
export const prebuilt = join(root, 'bundles')

export const isPublishedPackage = existsSync(prebuilt)
