import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { ConfigError } from './config-error.ts'

/** A YAML file that knows on which line each of its values stands. */
export class YamlSource {
  readonly document: Document
  readonly #file: string
  readonly #lines: LineCounter

  /** @throws {ConfigError} when the text is no YAML */
  constructor(file: string, text: string) {
    this.#file = file
    this.#lines = new LineCounter()
    this.document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false })
    const problems = this.document.errors.map(
      (error) => `${this.#place(error.pos[0])}: ${error.message}`,
    )
    if (problems.length > 0) throw new ConfigError(problems)
  }

  /** `file:line` of a value, or of the nearest thing around it. */
  placeOf(path: readonly PropertyKey[]): string {
    for (let length = path.length; length >= 0; length--) {
      const node =
        this.#keyAt(path.slice(0, length)) ?? this.document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range !== null && node.range !== undefined)
        return this.#place(node.range[0])
    }
    return this.#file
  }

  /** The key is the better place than the value, which may start on the next line. */
  #keyAt(path: readonly PropertyKey[]): unknown {
    const parent = this.document.getIn(path.slice(0, -1), true)
    if (path.length === 0 || !isMap(parent)) return undefined
    return parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key
  }

  #place(offset: number): string {
    return `${this.#file}:${this.#lines.linePos(offset).line}`
  }
}
