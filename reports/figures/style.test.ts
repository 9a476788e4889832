import { expect, it } from 'vitest'
import { theoryEncoding } from './style.ts'

const theories = Array.from({ length: 56 }, (_, i) => ({ name: `theory ${i}`, title: `Theory ${i}`, source: '' }))
const names = theories.map(({ name }) => name)

/** What each theory looks like, in the order of the names asked. */
function looks(channel: 'shape' | 'strokeDash', asked: readonly string[], mark: 'line' | 'point'): string[] {
  const encoding = theoryEncoding({ theories }, asked, mark)
  const rangeOf = (of: unknown): unknown[] => (of as { scale: { range: unknown[] } }).scale.range
  const [colors, others] = [rangeOf(encoding.color), rangeOf(encoding[channel])]
  return colors.map((color, i) => JSON.stringify([color, others[i]]))
}

it('no two of 56 theories share colour and shape, no two of 49 colour and dash', () => {
  expect(new Set(looks('shape', names, 'point')).size).toBe(56)
  expect(new Set(looks('strokeDash', names.slice(0, 49), 'line')).size).toBe(49)
})

it('a theory looks the same whoever stands beside it', () => {
  const [alone] = looks('shape', ['theory 15'], 'point')
  expect(looks('shape', names, 'point')[15]).toBe(alone)
})
