import type middy from '@middy/core'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import type { HttpResponse } from './response.ts'

/** A Middy middleware that all endpoints share. */
export type Pipeline = middy.MiddlewareObj<APIGatewayProxyEventV2, HttpResponse, Error, Context>
