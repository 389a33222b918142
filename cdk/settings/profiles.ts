import { profiles } from '../../lib/settings/profiles.ts'

/** The profiles with what they say about the deployment. */
export const stageProfiles = {
  ...profiles,
  mcp: {
    ...profiles.mcp,
    cors: { origins: ['*'] }, // inspectors run in a browser, on any origin
    throttle: { rate: 20, burst: 40 },
  },
} as const
