import { expect, it } from 'vitest'
import { compareVersions } from './peer-programs.ts'

it('compares versions by numbers', () => {
  expect(compareVersions('1.24.2', '1.9.10')).toBeGreaterThan(0)
  expect(compareVersions('1.13.0a0', '2.4.6')).toBeLessThan(0)
  expect(compareVersions('2.0', '2.0.1')).toBeLessThan(0)
  expect(compareVersions('2.4.6', '2.4.6')).toBe(0)
})
