import { describe, expect, test } from 'vitest'
import { startStory } from './story.ts'

describe('the requests of an operator, on the stores', () => {
  test('list jobs, and page through the clients of one', async () => {
    const story = await startStory(5, 0)
    const ids: string[] = []
    for (const note of ['one', 'two', 'three']) ids.push((await story.create({ note })).id)
    const first = await story.list('2')
    const rest = await story.list('2', first.next_cursor)
    expect(rest.next_cursor).toBeUndefined()
    const listed = [...first.jobs, ...rest.jobs]
    expect(listed.map(({ id }) => id).sort()).toEqual([...ids].sort())
    for (const job of listed) expect(job).not.toHaveProperty('client_ids')

    const disabling = listed.find(({ disabled }) => disabled === 5)?.id ?? ''
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = await story.show(disabling, cursor, '2')
      found.push(...page.client_ids)
      cursor = page.next_cursor
    } while (cursor !== undefined)
    expect(found.sort()).toEqual(story.bad)
  })

  test.each([
    [{ owner: 'nobody' }, {}],
    [{ owner: 'nobody', iss: 'https://a.example' }, {}],
    [{ owner: 'o'.repeat(255), iss: 'i'.repeat(2048) }, {}],
    [{ owner: '"'.repeat(255), iss: '"'.repeat(1024) }, {}],
    [{ software_id: 'none' }, {}],
    [{ software_id: '\u0000'.repeat(16_384) }, {}],
    [{ key_thumbprint: 'A'.repeat(43) }, { examined: 3 }],
  ])('walk by %j, which nobody matches', async (filter, counts) => {
    const story = await startStory(3, 0)
    const job = await story.create({ redirect_host: undefined, ...filter })
    expect(job).toMatchObject({ state: 'done', filter, matched: 0, examined: 0, ...counts })
    expect(await story.disabled()).toEqual([])
  })

  test.each([
    [{ redirect_host: undefined }, 'exactly one of'],
    [{ owner: 'alice' }, 'exactly one of'],
    [{ iss: 'https://a.example' }, 'iss: expected together with owner'],
    [{ redirect_host: 'a:b' }, 'redirect_host: expected a host'],
    [{ redirect_host: undefined, key_thumbprint: 'A' }, 'key_thumbprint: expected'],
  ])('reject %j', async (body, description) => {
    const story = await startStory(0, 0)
    const rejected = story.create(body)
    await expect(rejected).rejects.toMatchObject({
      code: 'invalid_request',
      description: expect.stringContaining(description),
    })
    expect(await story.items()).toEqual([])
  })

  test.each([
    ['https://a.example', 2],
    ['i'.repeat(2048), 1],
  ])('query no partition that is longer than a key may be: issuer %s', async (iss, queries) => {
    const story = await startStory(0, 0)
    let requests = 0
    await story.create({ redirect_host: undefined, owner: 'alice', iss }, (number) => {
      requests = number
    })
    // The job, these queries, the plan of a page without clients, and the job again.
    expect(requests).toBe(queries + 3)
  })

  test('reject what the state of a job does not allow', async () => {
    const story = await startStory(1, 0)
    const dry = await story.create({ dry_run: true })
    await expect(story.act(dry.id, 'undo')).rejects.toMatchObject({ code: 'conflict' })
    const { id } = await story.create()
    await expect(story.act(id, 'cancel')).rejects.toMatchObject({ code: 'conflict' })
    await expect(story.act('unknown', 'undo')).rejects.toMatchObject({ code: 'not_found' })
    expect(await story.disabled()).toEqual(story.bad)
  })
})
