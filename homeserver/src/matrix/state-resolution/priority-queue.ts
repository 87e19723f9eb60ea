/** A binary heap: gives back the smallest item first. */
export class PriorityQueue<Item> {
  readonly #isLess: (a: Item, b: Item) => boolean
  readonly #heap: Item[] = []

  constructor(isLess: (a: Item, b: Item) => boolean) {
    this.#isLess = isLess
  }

  push(item: Item): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(item)
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt]
      if (parent === undefined || !this.#isLess(item, parent)) break
      heap[at] = parent
      at = parentAt
    }
    heap[at] = item
  }

  /** Takes the smallest item out; undefined when the queue is empty. */
  pop(): Item | undefined {
    const smallest = this.#heap[0]
    const last = this.#heap.pop()
    if (last !== undefined && this.#heap.length > 0) this.#sinkFromTop(last)
    return smallest
  }

  #sinkFromTop(item: Item): void {
    let at = 0
    for (let next = this.#smallerChild(at); next !== undefined; next = this.#smallerChild(at)) {
      const [childAt, child] = next
      if (!this.#isLess(child, item)) break
      this.#heap[at] = child
      at = childAt
    }
    this.#heap[at] = item
  }

  #smallerChild(at: number): [at: number, child: Item] | undefined {
    const leftAt = 2 * at + 1
    const left = this.#heap[leftAt]
    const right = this.#heap[leftAt + 1]
    if (left === undefined) return undefined
    return right !== undefined && this.#isLess(right, left) ? [leftAt + 1, right] : [leftAt, left]
  }
}
