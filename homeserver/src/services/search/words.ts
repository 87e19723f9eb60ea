/**
 * Scripts without spaces between words, and Hangul, whose particles stick to words: there every two
 * characters that follow each other are a word.
 */
const UNSPACED =
  String.raw`\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{sc=Bopomofo}\p{sc=Hangul}\p{sc=Yi}\p{sc=Thai}` +
  String.raw`\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}\p{sc=Javanese}\p{sc=Balinese}\p{sc=Tai_Le}` +
  String.raw`\p{sc=New_Tai_Lue}\p{sc=Tai_Tham}\p{sc=Tai_Viet}`

const CHUNK = /[\p{L}\p{N}\p{M}_]+|\p{Extended_Pictographic}/gu
const PART = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, 'gu')
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u')
/** Marks on letters of alphabets in which people leave them out. */
const ACCENTS = /([\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])\p{M}+/gu

/** Longer words are compared by their beginning; Postgres holds lexemes up to 2,046 bytes. */
const MAX_WORD = 100

/** A word of a spaced script, or a run of characters of an unspaced one. */
export interface Word {
  /** As compared: without case and accents. */
  readonly folded: string
  readonly unspaced: boolean
}

/** Splits text into what can be searched for; punctuation is nothing. */
export function wordsOf(text: string): Word[] {
  const chunks = fold(text).match(CHUNK) ?? []
  return chunks.flatMap((chunk) =>
    (chunk.match(PART) ?? []).map((part) => {
      const unspaced = IS_UNSPACED.test(part)
      return { folded: unspaced ? part : part.slice(0, MAX_WORD), unspaced }
    }),
  )
}

/** The words as they were written, for marking them in what was found. */
export function writtenWords(text: string): string[] {
  const chunks = text.normalize('NFKC').toLowerCase().match(CHUNK) ?? []
  return [...new Set(chunks.flatMap((chunk) => chunk.match(PART) ?? []))]
}

function fold(text: string): string {
  // first into plain letters: a mathematical 𝐀 has no small form of its own
  const plain = text.normalize('NFKD').toLowerCase().replace(ACCENTS, '$1')
  return plain.replaceAll('ς', 'σ').normalize('NFC')
}
