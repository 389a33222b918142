import type { Template } from 'aws-cdk-lib/assertions'
import { endpoints } from '../../cdk/api/endpoints.ts'
import { ofType } from './synthesized.ts'

/** The construct id of each endpoint's Lambda, such as RegisterClient. */
export const endpointIds = Object.keys(endpoints).map((name) =>
  name.replaceAll(/(^|-)[a-z]/g, (start) => start.replace('-', '').toUpperCase()),
)

/** The properties of all resources of one type. */
export const propertiesOf = (template: Template, type: string) =>
  ofType(template, type).map(([, { Properties }]) => Properties)

/** The one whose logical id begins so. */
export const named = (template: Template, id: string, type: string) => {
  const found = ofType(template, type).find(([name]) => name.startsWith(id))
  if (found === undefined) throw new Error(`no ${type} ${id}`)
  return found
}

/** What the endpoints take for their own address. */
export const apiUrls = (template: Template) =>
  propertiesOf(template, 'AWS::Lambda::Function').flatMap((properties) => {
    const { Variables } = properties.Environment as { Variables: Record<string, unknown> }
    return 'API_URL' in Variables ? [Variables.API_URL] : []
  })
