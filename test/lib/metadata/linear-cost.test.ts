import { describe, expect, test } from 'vitest'
import { members } from '../../../lib/metadata/client-metadata.ts'
import { rpMetadataChoices } from '../../../lib/metadata/members/rp-metadata-choices.ts'
import { parseMembers } from '../../../lib/metadata/parse-members.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'

const settings = parseSettings({ limits: { stringLength: 16_384, uriLength: 8_192 } })
const names = [...Object.keys(members), ...Object.keys(rpMetadataChoices)]

/** Texts that a pattern with two ways to read them would try in every combination: each ends in what nothing allows. */
const units = {
  letters: 'a',
  'letters and dots': 'a.',
  'digits and dots': '1.',
  hyphens: 'a-',
  spaces: ' ',
  words: 'a ',
  'attributes of a distinguished name': 'a=b,',
  escapes: '\\ ',
  'percent encodings': '%61',
  colons: 'a:1',
  'at signs': '@',
  slashes: '/',
  base64: 'QUJD',
  'language tags': '#de-',
  'emoji sequences': '👩\u200D',
}

/** Milliseconds of this process, whatever else the machine does. */
function cpuTime(act: () => void): number {
  const before = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function judge(sent: Readonly<Record<string, unknown>>): void {
  try {
    parseMembers(sent, settings)
  } catch {
    // Whether it is accepted is not the question here.
  }
}

describe('the time to validate a member', () => {
  // A pattern that compares each character with all others takes more than this for 16,000.
  test.each(Object.entries(units))('grows with its length and no faster: %s', (_, unit) => {
    for (const length of [8_000, 16_000, 1_000_000]) {
      const text = `${unit.repeat(length / unit.length)}"`
      const host = `https://${text}`
      const keys = [{ kty: 'EC', crv: 'P-256', x: text, y: text, x5c: [text], kid: text }]
      for (const name of names)
        for (const value of [text, host, [text], [host], { keys }])
          expect(
            cpuTime(() => judge({ [name]: value })),
            `${name}, ${length}`,
          ).toBeLessThan(300)
      expect(
        cpuTime(() => judge({ [text]: text })),
        `a name, ${length}`,
      ).toBeLessThan(300)
    }
  })
})
