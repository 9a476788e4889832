import { InvalidArgumentError } from 'commander'

/** Option parsers: the whole text must be a number, in a range that is said when it is not. */

export function decimal(accepted: string, within: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN
    if (!(Number.isFinite(value) && within(value)))
      throw new InvalidArgumentError(`must be ${accepted}, got ${JSON.stringify(text)}`)
    return value
  }
}

export function integer(accepted: string, within: (value: number) => boolean): (text: string) => number {
  return decimal(`a whole number ${accepted}`, (value) => Number.isSafeInteger(value) && within(value))
}

/** Ranges of integers from 1, such as 1-10,30. */
export function ranges(text: string): [first: number, last: number][] {
  return text.split(',').map((part) => {
    const [, first, last = first] = /^\s*(\d{1,15})\s*(?:-\s*(\d{1,15})\s*)?$/.exec(part) ?? []
    if (first === undefined) {
      throw new InvalidArgumentError(`must be numbers and ranges such as 1-10,30, got ${JSON.stringify(text)}`)
    }
    return [Number(first), Number(last)]
  })
}
