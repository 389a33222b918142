const began = performance.now()
let held = 0

const clock = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(6)}s`

/** A heading of the log. */
export const step = (title: string): void => console.log(`\n${clock()}  ${title}`)

/** One thing that was seen to hold. */
export function holds(what: string): void {
  held += 1
  console.log(`${clock()}    ok  ${what}`)
}

/** Throws, with what was found, unless it is what was expected. */
export function expected(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(
      `${what}\n  expected ${JSON.stringify(wanted)}\n  found    ${JSON.stringify(found)}`,
    )
  holds(what)
}

export const note = (what: string): void => console.log(`${clock()}        ${what}`)

/** The closing line. */
export const summary = (failed: number): void => console.log(`\n${held} passed, ${failed} failed`)
