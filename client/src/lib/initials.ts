const HUES = 8

/** One or two letters that stand for a name: "Ada Lovelace" gives "AL". */
export function initialsOf(name: string): string {
  const words = name.replace(/^[@#!]/u, '').match(/[\p{L}\p{N}\p{Extended_Pictographic}]+/gu) ?? []
  const first = words[0] ?? ''
  const last = words.length > 1 ? (words.at(-1) ?? '') : ''
  const letter = (word: string): string => [...word][0] ?? ''
  return (letter(first) + letter(last)).toUpperCase() || '?'
}

/** A stable number from 0 to 7 for an id, by which people and rooms get their colour. */
export function hueOf(id: string): number {
  let hash = 5381
  for (let index = 0; index < id.length; index += 1) {
    hash = (hash * 33 + id.charCodeAt(index)) | 0
  }
  return Math.abs(hash) % HUES
}
