import type { AdminView } from '../../../lib/operator/admin-view.ts'
import { byId } from './elements.ts'
import { untrustedText } from './untrusted-text.ts'

/**
 * The operator's own words on a client, and those that were edited, as a change of them is asked
 * for.
 */
type Notes = { readonly label: string; readonly note: string }
export type EditedNotes = { readonly [Name in keyof Notes]?: string | null }

const fields = [
  field('label', byId('client-label', HTMLInputElement)),
  field('note', byId('client-note', HTMLTextAreaElement)),
]

function field(name: keyof Notes, input: HTMLInputElement | HTMLTextAreaElement) {
  return {
    name,
    input,
    meanwhile: byId(`client-${name}-meanwhile`, HTMLElement),
    /** The input's value when it was last filled. A different value means that it was edited. */
    filled: '',
    /** The last value received from the service. */
    kept: '',
  }
}

type Field = (typeof fields)[number]

const isEdited = ({ input, filled }: Field): boolean => input.value !== filled
const sendable = ({ input }: Field): string | null => input.value.trim() || null

/**
 * What was edited since it was filled in, and nothing else: the rest may be another operator's by
 * now.
 */
export const editedNotes = (): EditedNotes =>
  Object.fromEntries(fields.filter(isEdited).map((field) => [field.name, sendable(field)]))

/**
 * Fills in what the service has, except where an edit is not `saved`: there it says what was
 * changed meanwhile.
 */
export function fillNotes({ label, note = '' }: AdminView, saved: EditedNotes = {}): void {
  const found: Notes = { label, note }
  for (const field of fields) {
    const { name, meanwhile, kept } = field
    if (!isEdited(field) || saved[name] === sendable(field)) fill(field, found[name])
    else if (found[name] !== kept)
      meanwhile.replaceChildren('Changed by someone else to: ', untrustedText(found[name] || '–'))
    field.kept = found[name]
  }
}

export function clearNotes(): void {
  for (const field of fields) {
    fill(field, '')
    field.kept = ''
  }
}

function fill(field: Field, text: string): void {
  field.input.value = text
  field.filled = field.input.value
  field.meanwhile.textContent = ''
}
