import * as v from 'valibot'

/** One setting: what it means, the values it takes, and the value it has where it is left out. */
export const setting = <
  const Schema extends v.GenericSchema,
  const Fallback extends v.InferInput<Schema>,
>(
  description: string,
  schema: Schema,
  fallback: Fallback,
) => v.optional(v.pipe(schema, v.description(description)), fallback)

/** One setting that may be left out: then it has no value. */
export const optionalSetting = <const Schema extends v.GenericSchema>(
  description: string,
  schema: Schema,
) => v.optional(v.pipe(schema, v.description(description)))
