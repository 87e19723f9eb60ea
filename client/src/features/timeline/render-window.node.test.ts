import { expect, test } from 'vitest'
import { MOST_ROWS, STEP, carriedOver, latest, newer, older } from './render-window.ts'

test('a window never holds more lines than the page should', () => {
  let window = latest(5000)
  for (let turn = 0; turn < 20; turn += 1) {
    window = older(window)
    expect(window.end - window.start).toBeLessThanOrEqual(MOST_ROWS)
  }
  for (let turn = 0; turn < 200; turn += 1) window = newer(window, 5000)
  expect(window).toEqual({ start: 5000 - MOST_ROWS, end: 5000 })
})

test('at the end it follows what is appended', () => {
  expect(carriedOver({ start: 0, end: 10 }, 10, 13, 0)).toEqual({ start: 0, end: 13 })
})

test('in the middle it keeps its lines when others come in on either side', () => {
  const window = { start: 500, end: 700 }
  expect(carriedOver(window, 1000, 1003, 0)).toEqual(window)
  expect(carriedOver(window, 1000, 1050, 50)).toEqual({ start: 550, end: 750 })
})

test('lines that came in at the front of a full window appear step by step', () => {
  const window = carriedOver({ start: 0, end: 100 }, 100, 150, 50)
  expect(window).toEqual({ start: 50, end: 150 })
  expect(older(window)).toEqual({ start: Math.max(0, 50 - STEP), end: 150 })
})

test('a list that shrank leaves a window within it', () => {
  const window = carriedOver({ start: 400, end: 500 }, 500, 20, 0)
  expect(window.start).toBe(0)
  expect(window.end).toBe(20)
})
