import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/** The source of everything that a request runs through. */
export const sources: string = globSync(['lib/**/*.ts', 'functions/**/*.ts'], { cwd: root })
  .filter((file) => !file.includes('console'))
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')

/** Each code and description that the source writes out, with `…` for what varies; one without words is left out. */
export const thrown = [
  ...sources.matchAll(/new OAuthError\(\s*'(\w+)',\s*(?:'([^']*)'|"([^"]*)"|`([^`]*)`)/g),
]
  .map(([, code = '', single, double, template = '']) => ({
    code,
    description: single ?? double ?? template.replace(/\$\{[^}]*\}/g, '…'),
  }))
  .filter(({ description }) => /\w/.test(description))
