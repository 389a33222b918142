import fc from 'fast-check'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import type { Fault } from './instance.ts'
import { type Kind, kinds } from './kinds.ts'
import type { Step } from './known.ts'

/** One choice of the scheduler: who goes on, and what happens to the request that is released. */
export type Turn = { readonly pick: number; readonly fault: Fault | undefined }

export type Program = {
  readonly settings: SettingsInput
  readonly rotation: NonNullable<SettingsInput['registrationAccessToken']>
  /** What happens at first, one call at a time. */
  readonly begin: Kind['begins'][number]
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

/** Steps of a kind of programs, of these operations only. */
const stepOf = (operations: Kind['operations']) =>
  fc.record({
    operation: fc.oneof(
      ...Object.entries(operations).map(([name, weight]) => ({
        arbitrary: fc.constant(name),
        weight,
      })),
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
  const possible = kinds.flatMap((kind) => {
    const operations = Object.entries(kind.operations).filter(
      ([name]) => only?.includes(name) ?? true,
    )
    return operations.length < (only?.length ?? 1)
      ? []
      : [{ arbitrary: ofKind({ ...kind, operations: Object.fromEntries(operations) }), ...kind }]
  })
  if (possible.length === 0) throw new Error('no kind of programs has all of these operations')
  return fc.oneof(...possible.map(({ arbitrary, weight }) => ({ arbitrary, weight })))
}

function ofKind({ settings, begins, operations, waits }: Kind): fc.Arbitrary<Program> {
  const step = stepOf(operations)
  const wait = fc.record({ waitSeconds: fc.constantFrom(...waits.seconds) })
  return fc.record({
    settings: fc.constantFrom(...settings),
    begin: fc.constantFrom(...begins),
    rotation: fc.constantFrom<Program['rotation']>(...rotations, { rotateOn: [] }),
    issue: step.map((one) => ({ ...one, operation: 'issue' })),
    callers: fc.array(
      fc.array(
        fc.oneof<fc.MaybeWeightedArbitrary<Step | Wait>[]>(
          { arbitrary: step, weight: 8 },
          { arbitrary: wait, weight: waits.weight },
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
