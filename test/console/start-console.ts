import { afterAll } from 'vitest'
import type { ServiceOptions } from '../../cdk/local/service-options.ts'
import { startApi } from '../support/api.ts'
import { startChromium } from './chromium.ts'

/** A browser and a service, until the tests of the file have ended. */
export async function startConsole(options: ServiceOptions = {}) {
  const api = await startApi(options)
  afterAll(() => api.service.close())
  const browser = await startChromium()
  afterAll(() => browser.close())
  return { api, browser }
}
