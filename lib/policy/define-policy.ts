import type * as v from 'valibot'
import type { LimitingPolicy, Policy } from './policy.ts'

/** What other settings of a stage say that can contradict a policy. */
type Stage = {
  readonly registration: string
  readonly tokenEndpointAuthMethods: readonly string[]
  readonly grantTypes: readonly string[]
  /** Undefined if any scope is supported. */
  readonly scopes: readonly string[] | undefined
}

/** Finds what would make the policy reject every request, or every anonymous one. */
type Contradictions<Own extends readonly unknown[]> = (
  stage: Stage,
  ...settings: Own
) => readonly string[]

type SimplePolicy<Name extends string> = {
  readonly name: Name
  readonly policy: Policy
  readonly contradictions?: Contradictions<[]>
}

type ConfigurablePolicy<Name extends string, Schema extends v.GenericSchema> = {
  readonly name: Name
  /** The schema of its settings, `policySettings.<name>`. */
  readonly settings: Schema
  readonly policy: (settings: v.InferOutput<Schema>) => Policy | LimitingPolicy
  readonly contradictions?: Contradictions<[settings: v.InferOutput<Schema>]>
}

/** A policy without settings. It exists in every stage. */
export const simplePolicy = <const Name extends string>({
  name,
  policy,
  contradictions = () => [],
}: SimplePolicy<Name>) => ({
  name,
  create: (): Policy | LimitingPolicy | undefined => policy,
  problems: (_: object, stage: Stage) => contradictions(stage),
})

/** A policy with settings. It exists only in a stage that configures it. */
export const configurablePolicy = <const Name extends string, Schema extends v.GenericSchema>({
  name,
  settings,
  policy,
  contradictions = () => [],
}: ConfigurablePolicy<Name, Schema>) => {
  type PolicySettings = { readonly [Own in Name]?: v.InferOutput<Schema> | undefined }
  return {
    name,
    settings,
    create(all: PolicySettings): Policy | LimitingPolicy | undefined {
      const configured = all[name]
      return configured === undefined ? undefined : policy(configured)
    },
    problems(all: PolicySettings, stage: Stage): readonly string[] {
      const configured = all[name]
      return configured === undefined
        ? [`policies: ${name} needs policySettings.${name}`]
        : contradictions(stage, configured)
    },
  }
}
