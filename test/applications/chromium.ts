import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where Debian's package chromium puts it. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** A real Chromium. Throws, and so fails the tests, where there is none: nothing else can show that the page works. */
export async function startChromium(): Promise<Browser> {
  if (!existsSync(executablePath))
    throw new Error(
      `There is no Chromium at ${executablePath}: install it (Debian and Ubuntu: apt-get install chromium), or name another by the environment variable CHROMIUM.`,
    )
  return chromium.launch({
    executablePath,
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
