import { json } from 'node:stream/consumers'
import { type PrivateAnswer, servePrivately } from './private-endpoint.ts'

/** Answers one operation, such as PutEvents. The input is `{}` where the request has no JSON body. */
type Respond<Input> = (operation: string, input: Input) => PrivateAnswer

/** Emulates an AWS service on loopback, over the JSON 1.1 protocol. */
export const serveAwsService = <Input>(respond: Respond<Input>) =>
  servePrivately({
    async answer(request) {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
      return respond(operation, (await json(request).catch(() => ({}))) as Input)
    },
    contentType: 'application/x-amz-json-1.1',
    forbidden: { __type: 'AccessDeniedException' },
  })
