import { expect, test } from 'vitest'
import { onceEach } from './once-each.ts'

test('each argument is worked out once, undefined results too', () => {
  const asked: string[] = []
  const length = onceEach((word: string) => {
    asked.push(word)
    return word.length > 2 ? word.length : undefined
  })
  expect(['four', 'a', 'four', 'a'].map(length)).toEqual([4, undefined, 4, undefined])
  expect(asked).toEqual(['four', 'a'])
})
