import { Ajv2020 } from 'ajv/dist/2020.js'
import type { JsonSchema } from '../../../cdk/openapi/json-schema.ts'

/**
 * A validator that takes a document with many schemas, too. `format` annotates (JSON Schema 2020-12
 * §7.2.1).
 */
export const jsonSchemas = () =>
  new Ajv2020({ strict: false, validateFormats: false, allErrors: true })

/** Whether values have a schema. */
export const compile = (schema: JsonSchema): ((value: unknown) => boolean) => {
  const validate = jsonSchemas().compile(schema)
  return (value) => validate(value)
}
