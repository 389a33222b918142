import * as v from 'valibot'

/** One setting: its description, its schema and its default. */
export const setting = <
  const Schema extends v.GenericSchema,
  const Fallback extends v.InferInput<Schema>,
>(
  description: string,
  schema: Schema,
  fallback: Fallback,
) => v.optional(v.pipe(schema, v.description(description)), fallback)

/** One optional setting without a default. */
export const optionalSetting = <const Schema extends v.GenericSchema>(
  description: string,
  schema: Schema,
) => v.optional(v.pipe(schema, v.description(description)))

/** A mandatory setting, or a group of them, with its description. */
export const described = <const Schema extends v.GenericSchema>(
  description: string,
  schema: Schema,
) => v.pipe(schema, v.description(description))
