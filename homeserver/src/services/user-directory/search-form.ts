import { foldedWords, foldText } from '#matrix/fold-text.ts'
import { localpartOf, type UserId } from '#matrix/ids.ts'

/** How a user is found. */
export interface SearchForm {
  /** Localpart and display name, folded, each on a line. */
  readonly search: string
  /** Every character and pair of characters in them, and each of them whole: what an index can find. */
  readonly tokens: readonly string[]
}

/** What a search looks for. */
export interface SearchTerm {
  /** Each has to be in a line of {@link SearchForm.search}. */
  readonly words: readonly string[]
  /** All of them together, for those whom the term names exactly. */
  readonly whole: string
  /** What the user ID starts with, when the term is the beginning of one. */
  readonly idPrefix: string | undefined
}

/** Characters of a line that are searched, and of a term that are looked for. */
const MOST_CHARACTERS = 200
const MOST_WORDS = 8

export function searchForm(userId: UserId, displayName: string | null): SearchForm {
  const lines = [localpartOf(userId), displayName ?? ''].map(searchedLine)
  const parts = lines.filter((line) => line !== '')
  const tokens = new Set(parts.flatMap((line) => [...gramsOf(line), wholeToken(line)]))
  return { search: parts.join('\n'), tokens: [...tokens] }
}

/** Undefined for a term that looks for nothing. */
export function searchTerm(text: string): SearchTerm | undefined {
  const whole = searchedLine(text)
  const [, localpart = ''] = /^@([^:\s]+)(?::\S*)?$/u.exec(whole) ?? []
  if (localpart !== '') return { words: [localpart], whole: localpart, idPrefix: whole }
  const words = foldedWords(whole, MOST_WORDS)
  return words.length === 0 ? undefined : { words, whole, idPrefix: undefined }
}

/** What the index is asked for: everything that a form has all of whose words are in it. */
export function tokensOf({ words }: SearchTerm): string[] {
  const tokens = words.flatMap((word) => {
    const grams = gramsOf(word)
    const pairs = grams.filter((gram) => [...gram].length === 2)
    return pairs.length === 0 ? grams : pairs
  })
  return [...new Set(tokens)]
}

/** Never equal to a pair of characters, for it has three at least. */
export const wholeToken = (line: string): string => `==${line}`

function gramsOf(line: string): string[] {
  const characters = [...line]
  return characters.flatMap((character, i) => {
    const next = characters[i + 1]
    return next === undefined ? [character] : [character, character + next]
  })
}

/** Folded, white space made single, and not longer than what is searched. */
function searchedLine(text: string): string {
  const line = foldText(text).replaceAll(/\s+/gu, ' ').trim()
  return [...line].slice(0, MOST_CHARACTERS).join('')
}
