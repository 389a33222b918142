import { afterAll, beforeAll, expect, test } from 'vitest'
import { day, idsOf, noon, startStory } from '../clean-up/story.ts'

let story: Awaited<ReturnType<typeof startStory>>
beforeAll(async () => {
  story = await startStory({
    approval: 'disabled_until_approved',
    cleanUp: { mode: 'on', neverUsedAfter: 30 * day, undecidedAfter: 100 * day },
  })
})
afterAll(() => story.close())

const decide = ({ client_id }: { readonly client_id: string }, decision: string) =>
  story.api.call(`/clients/${client_id}/approval`, {
    method: 'POST',
    bearer: story.api.service.masterToken,
    body: { decision },
  })

const nightAt = async (time: number) => {
  story.clock.now = time
  await story.report([])
  return story.night()
}

test('clean-up leaves a client alone while it awaits approval, and counts its time from the decision', async () => {
  const [waiting, approved, rejected] = [
    await story.register(),
    await story.register(),
    await story.register(),
  ]
  story.clock.now = noon + 29 * day
  await decide(approved, 'approve')
  await decide(rejected, 'reject')
  story.clock.now = noon + 30 * day
  expect(await story.idsIn('due')).toEqual([])
  expect(await nightAt(noon + 30 * day)).toMatchObject({ kept: 3, stale: 0, due: 0 })
  expect(await story.show(waiting)).toMatchObject({ state: 'pending' })

  expect(await nightAt(noon + 60 * day)).toMatchObject({ kept: 1, stale: 2 })
  expect(await story.idsIn('stale')).toEqual(idsOf([approved, rejected]))
  expect(await story.show(approved)).toMatchObject({ state: 'stale' })
  expect(await story.show(rejected)).toMatchObject({ state: 'disabled' })
  expect(await story.idsIn('pending')).toEqual(idsOf([waiting]))

  await decide(waiting, 'approve')
  expect(await nightAt(noon + 89 * day)).toMatchObject({ stale: 0 })
  expect(await story.show(waiting)).toMatchObject({ state: 'active' })
  expect(await nightAt(noon + 90 * day)).toMatchObject({ stale: 1 })
})

test('clean-up deletes a client on which nobody decides, and publishes that', async () => {
  const undecided = await story.register()
  const registeredAt = story.clock.now
  await nightAt(registeredAt + 99 * day)
  expect(await story.show(undecided)).toMatchObject({ state: 'pending' })
  // Nobody could use it, so it does not matter that no use was reported for days.
  story.clock.now = registeredAt + 103 * day
  expect(await story.idsIn('due')).toContain(undecided.client_id)
  expect(await story.night()).toMatchObject({ deleted: 1, reports_missing: true })
  expect(await story.idsIn('pending')).toEqual([])
  expect(await story.idsIn('deleted')).toContain(undecided.client_id)
  await expect
    .poll(
      () =>
        story.events
          .filter(({ client_id }) => client_id === undecided.client_id)
          .map(({ type }) => type),
      { timeout: 30_000 },
    )
    .toEqual(['client.pending', 'client.deleted'])
  expect(await decide(undecided, 'approve')).toMatchObject({ status: 404 })
})
