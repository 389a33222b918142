import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { buildLambdas } from '../../cdk/bundling/build-lambdas.ts'

/** Whether a fresh process has loaded the fetch API once it has run this code. */
function loadsFetchApi(code: string): boolean {
  const loaded = `process.moduleLoadList.includes('NativeModule internal/deps/undici/undici')`
  const script = `${code}; console.log(${loaded})`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  return JSON.parse(stdout)
}

test('an import of node:http by an ES module loads the fetch API', () => {
  expect(loadsFetchApi(`await import('node:http')`)).toBe(true)
  expect(loadsFetchApi(`process.getBuiltinModule('node:http')`)).toBe(false)
})

test.each([...buildLambdas()])(
  'the Lambda %s imports no built-in module whose getters load others',
  (_name, files) => {
    const [, code] = files.find(([file]) => file === 'index.mjs') ?? []
    const text = Buffer.from(code ?? '').toString()
    const imported = text.matchAll(/(?:\bfrom|\bimport\(?) ?"(node:[\w/]+)"/g)
    const names = [...imported].map(([, name]) => name)
    expect(names).toContain('node:module')
    expect(names).not.toContain('node:http')
    expect(names).not.toContain('node:fs')
    expect(names).not.toContain('node:util')
    expect(names).not.toContain('node:process')
  },
)
