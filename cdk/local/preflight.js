// Comes before a TypeScript file, by `node --import`, and ends in one sentence what cannot run. Plain JavaScript, because
// it has to run before `npm ci`, and on a Node that reads no TypeScript.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const needed = 24
const packages = fileURLToPath(new URL('../../node_modules/aws-cdk-lib', import.meta.url))

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
