import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { columnOf, continueRecord, createRecord, readRecord } from './record.ts'

describe('a record', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'record-'))
    path = join(folder, 'record.bin')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const columns = ['loss', 'speed']
  const rows = (from: number, to: number): number[][] =>
    Array.from({ length: to - from }, (_, i) => [from + i, i % 3 === 0 ? Number.NaN : 1 / (from + i + 1)])

  it('gives back what was written, NaN included, however many rows', () => {
    for (const count of [0, 1, 40_000]) {
      const record = createRecord(path, columns)
      for (const row of rows(0, count)) record.append(row)
      record.close()
      const read = readRecord(path)
      expect(read.columns).toEqual(columns)
      expect(read.rowCount).toBe(count)
      expect(read.values).toEqual(Float64Array.from(rows(0, count).flat()))
      expect(columnOf(read, 'loss')).toEqual(Float64Array.from({ length: count }, (_, i) => i))
    }
  })

  it('cut to a checkpoint and continued has the bytes of one never interrupted', () => {
    const whole = createRecord(path, columns)
    for (const row of rows(0, 100)) whole.append(row)
    whole.close()
    const expected = readFileSync(path)

    const first = createRecord(path, columns)
    for (const row of rows(0, 60)) first.append(row)
    const covered = first.flush()
    for (const row of rows(60, 71)) first.append(row)
    first.close()
    appendFileSync(path, 'half a row')
    const second = continueRecord(path, columns, covered)
    for (const row of rows(0, 100).slice(60)) second.append(row)
    second.close()
    expect(readFileSync(path).equals(expected)).toBe(true)
  })

  it('leaves out a row that was cut short', () => {
    const record = createRecord(path, columns)
    for (const row of rows(0, 5)) record.append(row)
    record.close()
    truncateSync(path, readFileSync(path).length - 3)
    expect(readRecord(path).rowCount).toBe(4)
  })

  it('is refused where it is another run’s, shorter than its checkpoint says, or none', () => {
    const record = createRecord(path, columns)
    record.append([1, 2])
    const covered = record.flush()
    record.close()
    expect(() => continueRecord(path, ['loss'], covered)).toThrow(`${path} is the record of another run`)
    expect(() => continueRecord(path, columns, covered + 16)).toThrow(`must hold the ${covered + 16} bytes`)
    expect(() => continueRecord(path, columns, covered - 1)).toThrow('that its checkpoint covers')
    expect(() => columnOf(readRecord(path), 'sped')).toThrow('name must be one of loss, speed, got sped')
    for (const text of ['', 'no record', '{"columns":[]}\n', '{"columns":3}\n']) {
      writeFileSync(path, text)
      expect(() => readRecord(path)).toThrow('is no record: its first line must name columns')
    }
  })

  it('refuses a row of another length', () => {
    const record = createRecord(path, columns)
    expect(() => record.append([1])).toThrow('append: row must have 2 values, got 1')
    record.close()
  })
})
