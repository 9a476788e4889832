import { expect, test } from 'vitest'
import { marginAround, studentInterval, verdictOf } from './verdict.ts'

test.each([
  { what: 'inside the margin', confidence: [0.97, 1.03], equivalence: [0.99, 1.01], verdict: 'agrees' },
  { what: 'beyond the margin', confidence: [1.06, 1.2], equivalence: [1.1, 1.15], verdict: 'disagrees' },
  { what: 'below the margin', confidence: [0.7, 0.9], equivalence: [0.75, 0.85], verdict: 'disagrees' },
  { what: 'across an edge', confidence: [0.99, 1.09], equivalence: [1.02, 1.06], verdict: 'inconclusive' },
  { what: 'too wide to tell', confidence: [0.5, 1.5], equivalence: [0.8, 1.2], verdict: 'inconclusive' },
] as const)('an interval $what $verdict', ({ confidence, equivalence, verdict }) => {
  expect(verdictOf(confidence, equivalence, marginAround(1, 0.05, 'log'))).toBe(verdict)
})

test('an infinite scatter never passes', () => {
  const estimate = { scale: 'log' as const, replicas: 64, value: 1, standardError: Number.POSITIVE_INFINITY }
  const interval = studentInterval(estimate, 1e-3)
  expect(verdictOf(interval, interval, marginAround(1, 0.05, 'log'))).toBe('inconclusive')
  const broken = studentInterval({ ...estimate, scale: 'linear', standardError: Number.NaN }, 1e-3)
  expect(verdictOf(broken, broken, marginAround(1, 0.05, 'linear'))).toBe('inconclusive')
})
