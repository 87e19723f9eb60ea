/**
 * Text as it is compared in searches: without regard to case and to how Unicode writes it (full-width
 * letters, ligatures, composed or not), in every script. What no text column can hold is replaced.
 */
export function foldText(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll('\0', '\u{fffd}')
      .normalize('NFKC')
      // up first: ß and SS are then the same
      .toUpperCase()
      .toLowerCase()
      // the only letter whose small form depends on where it stands
      .replaceAll('ς', 'σ')
      .normalize('NFC')
  )
}

/** The words of a search, folded: what white space parts. At most `most` of them, none twice. */
export function foldedWords(term: string, most: number): string[] {
  const words = foldText(term).split(/\s+/u)
  return [...new Set(words.filter((word) => word !== ''))].slice(0, most)
}
