import { InvalidValue } from './rule.ts'

/**
 * RFC 5646 §2.1 `langtag` or `privateuse`: language, script, region, variants, extensions, private
 * use.
 */
const wellFormed =
  /^(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wy-z\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?|x(?:-[a-z\d]{1,8})+)$/i

const maxLength = 64
const maxTags = 20

/**
 * RFC 7591 §2.2: collects the language tags of each member. Throws InvalidValue for a tag that is
 * not well-formed, differs from an earlier one only in case, or exceeds the limit.
 */
export function languageTags() {
  const seen = new Map<string, Set<string>>()
  return (member: string, tag: string): void => {
    if (tag.length > maxLength || !wellFormed.test(tag))
      throw new InvalidValue('expected a language tag as BCP 47 writes it after #')
    const tags = seen.get(member) ?? new Set()
    seen.set(member, tags)
    if (tags.has(tag.toLowerCase())) throw new InvalidValue('expected each language tag once')
    tags.add(tag.toLowerCase())
    if (tags.size > maxTags) throw new InvalidValue(`expected at most ${maxTags} languages`)
  }
}
