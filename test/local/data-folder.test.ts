import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openDataFolder } from '../../cdk/local/data-folder.ts'

const parent = mkdtempSync(join(tmpdir(), 'data folder '))
afterAll(() => rmSync(parent, { recursive: true }))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(parent, 'kept '))
})

describe('the folder that --data names', () => {
  test('is made where it is not there, for its owner only', async () => {
    const wanted = join(folder, 'one', 'two')
    const { database, close } = await openDataFolder(wanted)
    expect(statSync(wanted).mode & 0o077).toBe(0)
    expect(statSync(database).mode & 0o077).toBe(0)
    await close()
  })

  test('serves one service at a time, and another one after it', async () => {
    const first = await openDataFolder(folder)
    const inUse = `--data ${folder}: in use by the process ${process.pid}`
    await expect(openDataFolder(folder)).rejects.toThrow(inUse)
    await first.close()
    expect(readdirSync(folder)).toEqual(['dynamodb.sqlite'])
    await (await openDataFolder(folder)).close()
  })

  test('is rejected while another process uses it, and taken over from one that has ended', async () => {
    const module = JSON.stringify(join(import.meta.dirname, '../../cdk/local/data-folder.ts'))
    const script = `const { openDataFolder } = await import(${module})
      await openDataFolder(${JSON.stringify(folder)}); console.log('open'); setInterval(() => {}, 1000)`
    const other = spawn(process.execPath, ['--input-type=module', '-e', script])
    await once(other.stdout, 'data')
    await expect(openDataFolder(folder)).rejects.toThrow(`in use by the process ${other.pid}`)
    other.kill('SIGKILL')
    await once(other, 'exit')
    await (await openDataFolder(folder)).close()
  })

  test('serves several services that share another DynamoDB', async () => {
    await openDataFolder(folder, false)
    await openDataFolder(folder, false)
    expect(readdirSync(folder)).toEqual([])
  })

  test('is taken over from a process whose number another one has now', async () => {
    writeFileSync(join(folder, 'service.pid'), `${process.pid} 1`)
    await (await openDataFolder(folder)).close()
  })

  test.each([
    ['secrets.json', '{"MasterToken": '],
    ['secrets.json', '["a"]'],
    ['secrets.json', '{"MasterToken": 1}'],
    ['dynamodb.sqlite', 'no database'],
  ])('is rejected with a damaged %s (%s), which stays as it is', async (name, text) => {
    const file = join(folder, name)
    writeFileSync(file, text)
    const damaged = `--data ${folder}: ${name} is damaged`
    await expect(openDataFolder(folder)).rejects.toThrow(damaged)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(readdirSync(folder)).not.toContain('service.pid')
  })

  test('is rejected by name where it is a file, or below one', async () => {
    const file = join(folder, 'a file')
    writeFileSync(file, '')
    await expect(openDataFolder(file)).rejects.toThrow(`--data ${file}: cannot be used (EEXIST)`)
    const below = join(file, 'below')
    await expect(openDataFolder(below)).rejects.toThrow(`--data ${below}: cannot be used (ENOTDIR)`)
  })
})
