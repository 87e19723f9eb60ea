import type { RoomKey } from '#log/types.ts'
import { wordsOf, type Word } from './words.ts'

/** Words of one event that are searchable; the rest of a very long text is not. */
const MAX_LEXEMES = 10_000
/** A shorter word is not the beginning of another. */
const MIN_PREFIX = 4

/** No word has this character. */
const roomLexeme = (room: RoomKey): string => quote(`#${room}`)

/**
 * What Postgres finds an event by: the room, and the words with their places. A run of an unspaced
 * script is there as its pairs of characters and its last character, at places one after another.
 * @returns text of a `tsvector`
 */
export function vectorText(room: RoomKey, text: string): string {
  const places = new Map<string, number[]>()
  let place = 0
  for (const word of wordsOf(text)) {
    for (const lexeme of word.unspaced ? pairs(word.folded) : [word.folded]) {
      place += 1
      if (place > MAX_LEXEMES) break
      const known = places.get(lexeme)
      if (known === undefined) places.set(lexeme, [place])
      else known.push(place)
    }
  }
  const words = Array.from(places, ([lexeme, at]) => `${quote(lexeme)}:${at.join(',')}`)
  return [roomLexeme(room), ...words].join(' ')
}

/**
 * Every word of a search must be there: a word as such or, from four letters on, as the beginning of
 * another; of an unspaced script its characters in a row.
 * @returns text of a `tsquery`; undefined when the term has no words
 */
export function queryText(term: string): string | undefined {
  const conditions = new Set(wordsOf(term).map(condition))
  return conditions.size === 0 ? undefined : [...conditions].join(' & ')
}

/** The same in some rooms only. */
export function queryInRooms(query: string, rooms: readonly RoomKey[]): string {
  return `(${rooms.map(roomLexeme).join(' | ')}) & ${query}`
}

function condition({ folded, unspaced }: Word): string {
  const characters = Array.from(folded)
  if (!unspaced) return characters.length < MIN_PREFIX ? quote(folded) : `${quote(folded)}:*`
  if (characters.length === 1) return `${quote(folded)}:*`
  return `(${pairs(folded).slice(0, -1).map(quote).join(' <-> ')})`
}

/** Each character with the one after it; the last is alone. */
function pairs(run: string): string[] {
  const characters = Array.from(run)
  return characters.map((character, index) => character + (characters[index + 1] ?? ''))
}

const quote = (lexeme: string): string =>
  `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
