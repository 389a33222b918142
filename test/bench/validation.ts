import { parseClientMetadata } from '../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../lib/settings/settings.ts'
import { ordinary } from '../support/clients.ts'

/** Milliseconds of CPU that judging an ordinary registration takes: the median of batches, after a warm-up. */
export function validationCpu(): number {
  const settings = parseSettings({})
  const judge = () => parseClientMetadata(ordinary, settings, { allowEmptyGrantTypes: false })
  const size = 500
  const batches = Array.from({ length: 21 }, () => {
    const begin = process.cpuUsage()
    for (let count = 0; count < size; count += 1) judge()
    const { user, system } = process.cpuUsage(begin)
    return (user + system) / 1000 / size
  })
  return batches.sort((a, b) => a - b)[10] ?? Number.NaN
}
