import type { AdminView } from '../../../lib/operator/admin-view.ts'
import { byId } from './elements.ts'
import { untrustedText } from './untrusted-text.ts'

/**
 * The operator's label and note on a client, and the edited ones in the form of the PATCH request.
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
 * The edited fields only. Sending the others could overwrite the change of another operator.
 */
export const editedNotes = (): EditedNotes =>
  Object.fromEntries(fields.filter(isEdited).map((field) => [field.name, sendable(field)]))

/**
 * Fills the fields with the current values. A field with an unsaved edit keeps the edit, and shows
 * the current value beside it if another operator changed it.
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
