import { existsSync } from 'node:fs'
import { type Browser, chromium, type LaunchOptions } from 'playwright-core'
import { unpackedChromium } from './unpacked-chromium.ts'

/**
 * A real Chromium: the one that the environment names, that of the npm package, or the system's. Throws, and so fails
 * the tests, where there is none: nothing else can show that the page works.
 */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    ...(await chooseChromium()),
    // As root in a container Chromium has no sandbox; the others keep it from looking up hosts of its own.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

async function chooseChromium(): Promise<LaunchOptions> {
  const { CHROMIUM } = process.env
  if (CHROMIUM) {
    if (!existsSync(CHROMIUM)) throw new Error(`CHROMIUM: there is no file ${CHROMIUM}`)
    return { executablePath: CHROMIUM }
  }
  const unpacked = await unpackedChromium()
  if (unpacked !== undefined)
    return { executablePath: unpacked.executablePath, env: { ...process.env, ...unpacked.env } }
  const executablePath = installed.find((path) => existsSync(path))
  if (executablePath !== undefined) return { executablePath }
  throw new Error(
    `There is no Chromium for ${process.platform}-${process.arch}: install Chromium or Google Chrome, or set CHROMIUM to the path of its program.`,
  )
}

/** Where systems keep it. */
const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]
