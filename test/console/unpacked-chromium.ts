import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type UnpackedChromium = {
  readonly executablePath: string
  /** It brings its libraries and fonts, so that the system needs none. */
  readonly env: Readonly<Record<string, string>>
}

const modules = join(import.meta.dirname, '../../node_modules')
const cache = join(modules, '.cache/client-registration-chromium')

/** The Chromium of the npm package, unpacked at its first use; undefined where the package has none. */
export async function unpackedChromium(): Promise<UnpackedChromium | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const manifest = await readFile(join(modules, '@sparticuz/chromium/package.json'), 'utf8')
  const folder = join(cache, JSON.parse(manifest).version)
  if (!existsSync(folder)) await unpack(folder)
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  }
}

/** Other processes see the whole folder or none; the first one to be ready wins. */
async function unpack(folder: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const unfinished = await mkdtemp(join(cache, 'unfinished-'))
  try {
    // The environment says where to unpack the package, and that its libraries are needed too.
    const env = { TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
    const script = join(import.meta.dirname, 'unpack-chromium.ts')
    await promisify(execFile)(process.execPath, [script], { env })
    await writeFile(join(unfinished, 'fonts.conf'), fontsConfiguration(folder))
    await rename(unfinished, folder).catch((error) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** The package's own file names the folders of a Lambda. */
const fontsConfiguration = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`
