import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { RegistrationStack } from '../../cdk/registration-stack.ts'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'))

const templates = new Map<string, Template>()

/** The template of one stage with these settings and a folder of extensions; its Lambdas are not bundled. */
export function synthesized(settings: StageSettingsInput = {}, extensions?: string): Template {
  if (extensions !== undefined) return synthesize(settings, extensions)
  const key = JSON.stringify(settings)
  const template = templates.get(key) ?? synthesize(settings)
  templates.set(key, template)
  return template
}

function synthesize(settings: StageSettingsInput, extensions?: string): Template {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } })
  const props = { settings, extensions }
  return Template.fromStack(new RegistrationStack(app, 'ClientRegistration-test', props))
}

type Resource = {
  readonly Type: string
  readonly DeletionPolicy?: string
  readonly Properties: Readonly<Record<string, unknown>>
}

/** All resources of one type, by logical id. */
export function ofType(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][]
}
