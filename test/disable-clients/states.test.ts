import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { day, idsOf, startStory } from '../clean-up/story.ts'
import { jobsOf } from './jobs.ts'

let story: Awaited<ReturnType<typeof startStory>>
const jobs = jobsOf(() => story.api)
const host = { redirect_host: 'client.example' }

describe('a job on clients that await approval', () => {
  beforeAll(async () => {
    story = await startStory({ approval: 'disabled_until_approved' })
  })
  afterAll(() => story.close())

  test('finds them, and leaves them to the decision of an operator', async () => {
    const [approved, pending] = await story.registerMany(2)
    if (approved === undefined || pending === undefined) throw new Error('nothing was registered')
    const approve = ({ client_id }: { client_id: string }) =>
      jobs.call(`/clients/${client_id}/approval`, 'POST', { decision: 'approve' })
    expect((await approve(approved)).status).toBe(200)

    const { job } = await jobs.finish(await jobs.create(host))
    expect(job).toMatchObject({ matched: 2, disabled: 1, already_disabled: 1 })
    expect(await jobs.listed(job.id)).toEqual([approved.client_id])
    expect(await story.show(pending)).toMatchObject({ state: 'pending' })
    expect(await story.show(approved)).toMatchObject({ state: 'disabled' })

    expect((await approve(pending)).status).toBe(200)
    expect(await story.show(pending)).toMatchObject({ state: 'active' })
    const again = await jobs.finish(await jobs.create(host))
    expect(again.client_ids).toEqual([pending.client_id])
    await jobs.finish(await jobs.act(job.id, 'undo'))
    expect(await story.show(approved)).toMatchObject({ state: 'active' })
    expect(await story.show(pending)).toMatchObject({
      state: 'disabled',
      disabled_by_job: again.job.id,
    })
  })
})

describe('a job of a service with clean-up', () => {
  beforeAll(async () => {
    story = await startStory({ cleanUp: { mode: 'on', registeredBy: ['anonymous'] } })
  })
  afterAll(() => story.close())

  test('disables stale clients as well, and its undo leaves them stale', async () => {
    const clients = await story.registerMany(3)
    const [used, ...unused] = clients
    if (used === undefined) throw new Error('nothing was registered')
    story.clock.now += 30 * day
    await story.report([used])
    await story.night()
    expect(await story.idsIn('stale')).toEqual(idsOf(unused))

    const { job } = await jobs.finish(await jobs.create(host))
    expect(job).toMatchObject({ matched: 3, disabled: 3 })
    expect([...(await jobs.listed(job.id))].sort()).toEqual(idsOf(clients))
    for (const client of unused)
      expect(await story.show(client)).toMatchObject({ state: 'disabled' })
    await jobs.finish(await jobs.act(job.id, 'undo'))
    for (const client of unused) expect(await story.show(client)).toMatchObject({ state: 'stale' })
    expect(await story.show(used)).toMatchObject({ state: 'active' })
  })

  test('leaves out clients that were registered after it, which another one finds', async () => {
    const [client] = await story.registerMany(1)
    const begun = await jobs.create({ ...host, limit: 1 })
    story.clock.now += 1
    const [later] = await story.registerMany(1)
    const { job } = await jobs.finish(begun)
    const listed = await jobs.listed(job.id)
    expect(listed).toContain(client?.client_id)
    expect(listed).not.toContain(later?.client_id)
    const again = await jobs.finish(await jobs.create(host))
    expect(again.client_ids).toEqual([later?.client_id])
  })

  test('is unknown once it has expired', async () => {
    const { id } = await jobs.create({ software_id: 'nobody' })
    story.clock.now += 90 * day - 1
    expect((await jobs.get(id)).state).toBe('done')
    story.clock.now += 1
    expect((await jobs.call(`/disable-jobs/${id}`)).status).toBe(404)
    const undo = await jobs.call(`/disable-jobs/${id}`, 'POST', { action: 'undo' })
    expect(undo.status).toBe(404)
    const { body } = await jobs.call('/disable-jobs?limit=100')
    expect((body.jobs as { id: string }[]).map((job) => job.id)).not.toContain(id)
  })
})
