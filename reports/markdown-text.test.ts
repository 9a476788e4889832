import { expect, it } from 'vitest'
import { code, counted, escaped, inWords, sentence, table } from './markdown-text.ts'

it('text cannot break out of its table cell, start emphasis, a tag, a link or a formula', () => {
  expect(escaped('a|b *c* _d_ <script> [x](y) `z` $q$ \\ # ~\nnext')).toBe(
    'a\\|b \\*c\\* \\_d\\_ &lt;script\\> \\[x\\](y) \\`z\\` \\$q\\$ \\\\ \\# \\~ next',
  )
})

it('a code span outlasts the backticks inside and, in a cell, escapes pipes', () => {
  expect(code('a|b')).toBe('`a|b`')
  expect(code('a|b', 'cell')).toBe('`a\\|b`')
  expect(code('a``b')).toBe('``` a``b ```')
})

it('a table aligns right the columns whose heading ends in a colon', () => {
  expect(table(['a', 'n:'], [['x', '1']])).toBe('| a | n |\n| --- | --: |\n| x | 1 |')
})

it('lists and counts read as words', () => {
  expect([inWords(['a']), inWords(['a', 'b']), inWords(['a', 'b', 'c'])]).toEqual(['a', 'a and b', 'a, b and c'])
  expect([counted(1, 'look'), counted(2048, 'replica')]).toEqual(['1 look', '2,048 replicas'])
  expect([sentence('It is'), sentence('Is it?')]).toEqual(['It is.', 'Is it?'])
})
