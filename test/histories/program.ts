import fc from 'fast-check'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import type { Fault } from './instance.ts'
import type { Step } from './known.ts'
import { chosen } from './operations/table.ts'

/** One choice of the scheduler: who goes on, and what happens to the request that is released. */
export type Turn = { readonly pick: number; readonly fault: Fault | undefined }

export type Program = {
  readonly rotation: NonNullable<SettingsInput['registrationAccessToken']>
  /** The initial access token that there is from the beginning. */
  readonly issue: Step
  readonly callers: readonly (readonly (Step | Wait)[])[]
  readonly turns: readonly Turn[]
}

/** Moves the clock. */
export type Wait = { readonly waitSeconds: number }

/** Seconds: a token expires after two or three waits, a reuse window ends after one or two. */
const rotations: readonly Program['rotation'][] = (['refuse', 'disable'] as const).flatMap(
  (onReuse) => [
    { rotateOn: ['update'], reuseWindow: 0, onReuse },
    { rotateOn: ['update'], reuseWindow: 30, onReuse },
    { rotateOn: ['read', 'update'], reuseWindow: 0, onReuse },
    { rotateOn: ['read', 'update'], reuseWindow: 30, onReuse },
  ],
)

const wait = fc.record({ waitSeconds: fc.constantFrom(20, 35) })

const fault = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 9 },
  {
    arbitrary: fc.constantFrom<Fault>(
      'response lost',
      'request lost',
      'failing after it',
      'failing',
      'throttled',
      'conflict',
    ),
    weight: 2,
  },
)

/** Steps of these operations; of all by default. */
const stepOf = (only: readonly string[] | undefined) =>
  fc.record({
    operation: fc.oneof(
      ...chosen
        .filter(({ name, weight }) => only?.includes(name) ?? weight > 0)
        .map(({ name, weight }) => ({ arbitrary: fc.constant(name), weight: Math.max(weight, 1) })),
    ),
    subject: fc.oneof(
      { arbitrary: fc.constant(0), weight: 3 },
      { arbitrary: fc.nat(1), weight: 1 },
    ),
    credential: fc.oneof(
      { arbitrary: fc.constant(0), weight: 2 },
      { arbitrary: fc.nat(3), weight: 1 },
    ),
    variant: fc.nat(4),
  })

/** Random programs of these operations; of all by default. */
export function programOf(only?: readonly string[]): fc.Arbitrary<Program> {
  const step = stepOf(only)
  return fc.record({
    rotation: fc.constantFrom<Program['rotation']>(...rotations, { rotateOn: [] }),
    issue: step.map((one) => ({ ...one, operation: 'issue' })),
    callers: fc.array(
      fc.array(
        fc.oneof<fc.MaybeWeightedArbitrary<Step | Wait>[]>(
          { arbitrary: step, weight: 8 },
          { arbitrary: wait, weight: 1 },
        ),
        { minLength: 1, maxLength: 4 },
      ),
      { minLength: 2, maxLength: 4 },
    ),
    turns: fc.array(fc.record({ pick: fc.nat(3), fault }), {
      minLength: 0,
      maxLength: 40,
      size: 'max',
    }),
  })
}
