import { expect, it } from 'vitest'
import { PeerError, parseAnswer } from './answer.ts'

it('reads the three answers', () => {
  expect(parseAnswer('ok')).toEqual({ kind: 'ok' })
  expect(parseAnswer('nanoseconds 123456789012')).toEqual({ kind: 'nanoseconds', nanoseconds: 123456789012 })
  expect(parseAnswer('values 1.5 -2e-300 0.10000000000000001\r')).toEqual({
    kind: 'values',
    values: Float64Array.of(1.5, -2e-300, 0.1),
  })
})

it('lets a state that is not finite through as NaN, for the agreement to refuse', () => {
  for (const word of ['nan', '-nan', 'inf', '1.0.0']) {
    expect(parseAnswer(`values 1 ${word}`)).toEqual({ kind: 'values', values: Float64Array.of(1, Number.NaN) })
  }
})

it('throws what the peer complains of, and what is no answer', () => {
  expect(() => parseAnswer('error no case of this name')).toThrow(new PeerError('no case of this name'))
  expect(() => parseAnswer('error')).toThrow('an error without a message')
  for (const line of [
    '',
    'ok then',
    'nanoseconds',
    'nanoseconds 0',
    'nanoseconds -5',
    'nanoseconds x',
    'Traceback …',
  ]) {
    expect(() => parseAnswer(line)).toThrow(`no answer: ${JSON.stringify(line)}`)
  }
})
