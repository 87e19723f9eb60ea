/** Longer patterns match nothing: no user writes one, and the work grows with the length. */
const MAX_PATTERN = 1024

/**
 * Compiles a glob that has to match the whole text, ignoring case.
 * https://spec.matrix.org/v1.19/appendices/#glob-style-matching
 */
export function wholeGlob(pattern: string): (text: string) => boolean {
  const folded = pattern.toLowerCase()
  // Length and case first: nearly every text is compared with the names of the default rules.
  if (!/[*?]/.test(pattern)) return (text) => text === pattern || text.toLowerCase() === folded
  return compile(folded, false)
}

/**
 * Compiles a glob that has to match a part of the text which starts and ends at a word boundary,
 * ignoring case: what rules on `content.body` mean.
 */
export function wordGlob(pattern: string): (text: string) => boolean {
  return compile(pattern.toLowerCase(), true)
}

/** {@link wordGlob} for a text in which `*` and `?` stand for themselves. */
export function wordLiteral(text: string): (body: string) => boolean {
  const folded = text.toLowerCase()
  return match({ tokens: [...folded], loops: new Set(), probe: probeOf([folded]) }, true)
}

function compile(pattern: string, words: boolean): (text: string) => boolean {
  return pattern.length > MAX_PATTERN ? () => false : match(parse(pattern), words)
}

/** A glob as an automaton: state n has consumed n tokens; in a loop state any character may pass. */
interface Automaton {
  /** One character each; undefined is `?`. */
  readonly tokens: readonly (string | undefined)[]
  readonly loops: ReadonlySet<number>
  /** Part of every text that matches. */
  readonly probe: string
}

/** So short that looking for it takes no noteworthy time in any text. */
const MAX_PROBE = 16

function probeOf(literals: readonly string[]): string {
  const longest = literals.reduce((best, next) => (next.length > best.length ? next : best), '')
  return longest.slice(0, MAX_PROBE)
}

function parse(pattern: string): Automaton {
  const tokens: (string | undefined)[] = []
  const loops = new Set<number>()
  for (const character of pattern) {
    if (character === '*') loops.add(tokens.length)
    else tokens.push(character === '?' ? undefined : character)
  }
  return { tokens, loops, probe: probeOf(pattern.split(/[*?]/)) }
}

/**
 * Runs all states at once, one bit each (shift-and): the time is bounded by the length of the text
 * times a 32nd of the pattern's, whatever the two hold.
 */
function match(automaton: Automaton, words: boolean): (text: string) => boolean {
  const final = automaton.tokens.length
  const size = (final >>> 5) + 1
  const loops = bits(size, automaton.loops)
  const masks = characterMasks(automaton, size)
  const wildcard = bits(size, indexesOf(automaton.tokens, undefined))
  const accepts = (states: Uint32Array) => hasBit(states, final)

  return (original) => {
    const text = original.toLowerCase()
    if (!text.includes(automaton.probe)) return false
    const states = new Uint32Array(size)
    setBit(states, 0)
    if (accepts(states) && (words || text === '')) return true
    let before = ''
    for (const character of text) {
      if (words && isBoundary(before, character)) {
        if (accepts(states)) return true
        setBit(states, 0)
      }
      step(states, masks.get(character) ?? wildcard, loops)
      before = character
    }
    return accepts(states)
  }
}

/** Consumes one character: states whose token it is move on by one, loop states stay. */
function step(states: Uint32Array, mask: Uint32Array, loops: Uint32Array): void {
  let carry = 0
  for (let word = 0; word < states.length; word++) {
    const current = states[word] ?? 0
    const moving = current & (mask[word] ?? 0)
    states[word] = (moving << 1) | carry | (current & (loops[word] ?? 0))
    carry = moving >>> 31
  }
}

const isWord = (character: string): boolean => /^[A-Za-z0-9_]$/.test(character)

/** Whether a match may start or end between these two characters of the text. */
const isBoundary = (before: string, after: string): boolean => !isWord(before) || !isWord(after)

/** For each character of the pattern, the states that it moves on. */
function characterMasks(automaton: Automaton, size: number): ReadonlyMap<string, Uint32Array> {
  const masks = new Map<string, Uint32Array>()
  const wildcards = indexesOf(automaton.tokens, undefined)
  for (const token of new Set(automaton.tokens)) {
    if (token === undefined) continue
    masks.set(token, bits(size, [...wildcards, ...indexesOf(automaton.tokens, token)]))
  }
  return masks
}

function indexesOf(tokens: readonly (string | undefined)[], wanted: string | undefined): number[] {
  return [...tokens.keys()].filter((index) => tokens[index] === wanted)
}

function bits(size: number, indexes: Iterable<number>): Uint32Array {
  const result = new Uint32Array(size)
  for (const index of indexes) setBit(result, index)
  return result
}

function setBit(words: Uint32Array, index: number): void {
  words[index >>> 5] = (words[index >>> 5] ?? 0) | (1 << (index & 31))
}

function hasBit(words: Uint32Array, index: number): boolean {
  return ((words[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0
}
