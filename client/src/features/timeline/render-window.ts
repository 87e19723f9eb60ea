/** The part of a list that is in the page: `start` inclusive, `end` exclusive. */
export interface RenderWindow {
  readonly start: number
  readonly end: number
}

/** Most lines in the page at once; what is scrolled far away leaves it. */
export const MOST_ROWS = 240
/** How many lines come in at a time. */
export const STEP = 60

/** The window at the end of a list. */
export function latest(length: number, rows = STEP * 2): RenderWindow {
  return { start: Math.max(0, length - rows), end: length }
}

/** The window moved towards older lines. */
export function older(window: RenderWindow): RenderWindow {
  const start = Math.max(0, window.start - STEP)
  return { start, end: Math.min(window.end, start + MOST_ROWS) }
}

/** The window moved towards newer lines of a list with `length` lines. */
export function newer(window: RenderWindow, length: number): RenderWindow {
  const end = Math.min(length, window.end + STEP)
  return { start: Math.max(window.start, end - MOST_ROWS), end }
}

/**
 * The window over a list that has changed, so that the same lines stay in it. `added` lines came
 * in at the front. At the end of the list the window follows what is appended.
 */
export function carriedOver(
  window: RenderWindow,
  lengthBefore: number,
  length: number,
  added: number,
): RenderWindow {
  const atEnd = window.end >= lengthBefore
  const end = atEnd ? length : Math.min(length, window.end + added)
  const start = Math.min(Math.max(0, window.start + added), Math.max(0, length - STEP))
  return { start: Math.max(start, end - MOST_ROWS), end }
}
