// Comes before a TypeScript file, by `node --import`, and ends in one sentence what cannot run. Plain JavaScript, because
// it has to run before `npm ci`, and on a Node that reads no TypeScript.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const needed = 24
const inModules = (path) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url))
const packages = inModules('aws-cdk-lib')

function problem() {
  if (!existsSync(packages)) return 'The packages are not installed: run `npm ci` first.'
  const [major] = process.versions.node.split('.')
  if (Number(major) >= needed && process.features.typescript) return undefined
  return `Node ${needed} is needed, and this is ${process.version}: install it, or where \`npm ci\` has installed it, run the command by npm.`
}

const found = problem()
if (found !== undefined) {
  process.stderr.write(`${found}\n`)
  process.exit(1)
}

// Halves the start of a command, from its second run on. `npm ci` deletes the cache.
module.enableCompileCache?.(inModules('.cache/node'))
