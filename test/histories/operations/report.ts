import { reportUse } from '../../../lib/operator/report-use.ts'
import { masterToken } from '../../support/compose.ts'
import { clientOf, newest } from '../known.ts'
import { defineOperation, type Operation } from '../operation.ts'
import { isUseRecorded, startOfDay, withUse } from '../revival.ts'

/** A report without a client says only that uses are reported. */
type Report = { readonly client?: string; readonly secondsAgo: number }

const day = 86_400

const reporting = (name: string, choose: Operation<Report>['choose']) =>
  defineOperation<Report>({
    name,
    mayRepeat: () => true,
    choose,
    async call({ client, secondsAgo }, { now }, server, known) {
      const client_id = client === undefined ? undefined : clientOf(known, client)?.client_id
      const clients = client_id === undefined ? [] : [{ client_id, used_at: now - secondsAgo }]
      return reportUse({ bearer: masterToken, body: { clients }, now }, server)
    },
    effects(state, { client: key, secondsAgo }, { now, ambiguous }) {
      const counts = { recorded: 0, unchanged: 0, unknown: 0 }
      if (key === undefined) return [{ next: state, response: counts }]
      const client = state.clients[key]
      const unchanged = { next: state, response: { ...counts, unchanged: 1 } }
      if (client === undefined) return [{ next: state, response: { ...counts, unknown: 1 } }]
      if (isUseRecorded(client, now - secondsAgo)) return [unchanged]
      const next = withUse(state, key, now - secondsAgo)
      const recorded = { next, response: { ...counts, recorded: 1 } }
      return ambiguous ? [recorded, { ...unchanged, next }] : [recorded]
    },
    parts: () => [
      (state, { now }) => {
        const { lastReport } = state
        const isNoted = lastReport !== undefined && lastReport >= startOfDay(now)
        return [isNoted ? state : { ...state, lastReport: now }]
      },
    ],
  })

/** An authorization server reports that a client was used. */
export const report = reporting('report', ({ subject, variant }, { clients }) => {
  const client = newest(clients, subject)
  return client && { client: client.key, secondsAgo: variant === 0 ? day : 0 }
})

export const reportNothing = reporting('report nothing', () => ({ secondsAgo: 0 }))
