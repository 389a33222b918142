import { describe, expect, test } from 'vitest'
import { beforeWrite, killedAfter, killedAfterWrite, orKilled, startStory } from './story.ts'

/** More requests than a slice makes: the walk alone makes two dozen. */
const manyRequests = 80

/** Tries each number of requests in turn, until `attempt` resolves to false; resolves to how many it tried. */
async function forEachRequest(attempt: (number: number) => Promise<boolean>): Promise<number> {
  for (let number = 0; number < manyRequests; number += 1)
    if (!(await attempt(number))) return number
  throw new Error('no end')
}

describe('a slice that is killed after any of its requests', () => {
  test('is resumed to the same end, and an undo restores exactly', async () => {
    const tried = await forEachRequest(async (number) => {
      const story = await startStory(4)
      const { id } = await story.begin()
      const killed = await orKilled(story.act(id, 'continue', killedAfter(number)))
      const soFar = await story.disabled()
      expect(await story.listed(id)).toEqual(soFar)
      const job = await story.act(id, 'continue')
      expect(job).toMatchObject({
        state: 'done',
        ...{ examined: 6, matched: 4, disabled: 4, already_disabled: 0, deleted: 0, skipped: 0 },
      })
      expect(await story.disabled()).toEqual(story.bad)
      expect(await story.listed(id)).toEqual(story.bad)
      expect(await story.sequences('bad.example')).toEqual([2])
      expect(await story.sequences('good.example')).toEqual([1])
      expect(await story.act(id, 'undo')).toMatchObject({ state: 'undone', enabled: 4 })
      expect(await story.disabled()).toEqual([])
      return killed === 'killed'
    })
    expect(tried).toBeGreaterThan(30)
  })

  test('never disables a client again that an operator enabled since', async () => {
    let enabledInTime = 0
    await forEachRequest(async (number) => {
      const story = await startStory(3, 0)
      const { id } = await story.begin()
      const killed = await orKilled(story.act(id, 'continue', killedAfterWrite(number)))
      const [enabled] = await story.disabled()
      if (enabled !== undefined) {
        enabledInTime += 1
        await story.change(enabled, false)
      }
      const job = await story.act(id, 'continue')
      const left = story.bad.filter((client_id) => client_id !== enabled)
      expect(await story.disabled()).toEqual(left)
      expect(await story.listed(id)).toEqual(story.bad)
      expect(job).toMatchObject({ state: 'done', disabled: 3 })
      expect(await story.act(id, 'undo')).toMatchObject({
        enabled: left.length,
        untouched: 3 - left.length,
      })
      return killed === 'killed'
    })
    expect(enabledInTime).toBeGreaterThan(2)
  })
})

describe('an undo that is killed after any of its writes', () => {
  test('is resumed to the same end', async () => {
    const tried = await forEachRequest(async (number) => {
      const story = await startStory(4)
      const { id } = await story.create({ limit: 2 })
      await story.act(id, 'continue', undefined, 2)
      const killed = await orKilled(story.act(id, 'undo', killedAfterWrite(number)))
      const job = await story.act(id, 'undo')
      expect(job).toMatchObject({ state: 'undone', enabled: job.disabled, untouched: 0 })
      expect(await story.disabled()).toEqual([])
      return killed === 'killed'
    })
    expect(tried).toBeGreaterThan(4)
  })
})

describe('a cancellation that is killed after any of its writes', () => {
  test('is repeated, and counts what an interrupted slice disabled', async () => {
    await forEachRequest(async (number) => {
      const story = await startStory(4)
      const { id } = await story.begin()
      // The walk, the plan and two clients: then the slice is killed.
      let updates = 0
      await orKilled(
        story.act(id, 'continue', async () => {
          updates = (await story.disabled()).length
          if (updates >= 2) throw new Error('the slice was killed')
        }),
      )
      const disabled = await story.disabled()
      const killed = await orKilled(story.act(id, 'cancel', killedAfterWrite(number)))
      // A cancellation that took effect is finished by a continue as well.
      const { state } = await story.show(id)
      const job = await story.act(id, state === 'cancelled' ? 'continue' : 'cancel')
      const counts = { disabled: disabled.length, skipped: 4 - disabled.length }
      expect(job).toMatchObject({ state: 'cancelled', matched: 4, ...counts })
      expect(await story.listed(id)).toEqual(disabled)
      expect(await story.disabled()).toEqual(disabled)
      await story.act(id, 'undo')
      expect(await story.disabled()).toEqual([])
      return killed === 'killed'
    })
  })
})

describe('a slice that is overtaken before any of its writes', () => {
  test('by an undo disables nobody afterwards', async () => {
    const tried = await forEachRequest(async (number) => {
      const story = await startStory(3)
      const { id } = await story.begin()
      const { overtaking, onRequest } = beforeWrite(number + 1, () => story.act(id, 'undo'))
      await story.act(id, 'continue', onRequest)
      if (overtaking.isDone) {
        expect(await story.show(id)).toMatchObject({ state: 'undone' })
        expect(await story.disabled()).toEqual([])
      }
      return overtaking.isDone
    })
    expect(tried).toBeGreaterThan(4)
  })

  test('by a cancellation disables nobody whom the job does not list', async () => {
    await forEachRequest(async (number) => {
      const story = await startStory(3)
      const { id } = await story.begin()
      let atThatTime: readonly string[] = []
      const { overtaking, onRequest } = beforeWrite(number + 1, async () => {
        const { state } = await story.act(id, 'continue', undefined, 1)
        if (state === 'running') await story.act(id, 'cancel')
        atThatTime = await story.disabled()
      })
      await story.act(id, 'continue', onRequest)
      if (overtaking.isDone) expect(await story.disabled()).toEqual(atThatTime)
      expect(await story.listed(id)).toEqual(await story.disabled())
      return overtaking.isDone
    })
  })

  test('by an operator who disables a client counts it as disabled already', async () => {
    let disabledInTime = 0
    await forEachRequest(async (number) => {
      const story = await startStory(2, 0)
      const [client_id = ''] = story.bad
      const { id } = await story.begin()
      const disable = () => story.change(client_id, true)
      const { overtaking, onRequest } = beforeWrite(number + 1, disable)
      const job = await story.act(id, 'continue', onRequest)
      if (job.disabled === 1) {
        disabledInTime += 1
        expect(job).toMatchObject({ matched: 2, already_disabled: 1 })
        expect(await story.listed(id)).not.toContain(client_id)
      }
      await story.act(id, 'undo')
      expect(await story.disabled()).toEqual(overtaking.isDone ? [client_id] : [])
      return overtaking.isDone
    })
    expect(disabledInTime).toBeGreaterThan(0)
  })

  test('by another one that finds a client disabled leaves it alone when it is enabled', async () => {
    let overtaken = 0
    await forEachRequest(async (number) => {
      const story = await startStory(2, 0)
      const [client_id = ''] = story.bad
      const { id } = await story.begin()
      const { overtaking, onRequest } = beforeWrite(number + 1, async () => {
        await story.change(client_id, true)
        await story.act(id, 'continue')
        await story.change(client_id, false)
      })
      await story.act(id, 'continue', onRequest)
      if (overtaking.isDone && !(await story.listed(id)).includes(client_id)) {
        overtaken += 1
        expect(await story.disabled()).not.toContain(client_id)
      }
      return overtaking.isDone
    })
    expect(overtaken).toBeGreaterThan(1)
  })
})

describe('a job that ten requests continue at once', () => {
  test('disables each client once, lists each once, and is undone by ten at once', async () => {
    const story = await startStory(30, 10)
    const { id } = await story.begin()
    const ten = <Result>(work: () => Promise<Result>) =>
      Promise.all(Array.from({ length: 10 }, work))
    let states: readonly string[]
    do {
      const slices = await ten(() => story.act(id, 'continue', undefined, 7))
      states = slices.map(({ state }) => state)
    } while (states.includes('running'))
    expect(await story.show(id)).toMatchObject({
      state: 'done',
      ...{ examined: 40, matched: 30, disabled: 30, already_disabled: 0, skipped: 0 },
    })
    expect(await story.listed(id)).toEqual(story.bad)
    expect(await story.disabled()).toEqual(story.bad)
    expect(await story.sequences('bad.example')).toEqual([2])
    await ten(() => story.act(id, 'undo'))
    expect(await story.show(id)).toMatchObject({ state: 'undone', enabled: 30, untouched: 0 })
    expect(await story.sequences('bad.example')).toEqual([3])
    expect(await story.disabled()).toEqual([])
  })
})

describe('a dry run', () => {
  test('writes its job and its pages, and nothing else', async () => {
    const story = await startStory(3)
    const before = await story.items()
    const { id } = await story.create({ dry_run: true })
    const written = (await story.items()).filter(({ pk }) => String(pk).startsWith('JOB#'))
    expect(written.map(({ pk }) => pk).sort()).toEqual([`JOB#${id}`, `JOB#${id}#0`])
    const others = (await story.items()).filter(({ pk }) => !String(pk).startsWith('JOB#'))
    const byKey = (one: { pk?: string }, two: { pk?: string }) =>
      String(one.pk) < String(two.pk) ? -1 : 1
    expect(others.sort(byKey)).toEqual(before.sort(byKey))
  })
})

describe('the items of a job', () => {
  test('expire 90 days after it was created, and then it is unknown', async () => {
    const story = await startStory(1)
    const { id, created_at, expires_at } = await story.create()
    expect(expires_at).toBe(created_at + 90 * 86_400)
    const items = (await story.items()).filter(({ pk }) => String(pk).startsWith('JOB#'))
    expect(items.map((item) => item.expires_at)).toEqual([expires_at, expires_at])
    expect(items.map(({ pk }) => pk).sort()).toEqual([`JOB#${id}`, `JOB#${id}#0`])
  })
})
