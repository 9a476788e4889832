import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exampleResults } from '../foundation/benchmark-results.fixture.ts'
import { renderResults } from '../foundation/benchmark-results.ts'
import { fixtureReport } from '../reports/fixture.ts'
import { networkFixture } from '../reports/networks/fixture.ts'
import { runCommand } from './run-command.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-compare-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const compare = (...args: string[]): ReturnType<typeof runCommand> => runCommand(['compare', ...args])
const report = fixtureReport()
const base = file('base.json', report)
const networkReport = networkFixture()
const network = file('network.json', networkReport)

describe('sgd-oracle compare', () => {
  test('exits with 0 where nothing got worse', async () => {
    const { code, out, err } = await compare(base, base)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^No regression: 0 changes, /)
  })

  test('exits with 1 on a regression, in Markdown if asked', async () => {
    const head = fixtureReport()
    head.claims.find(({ verdict }) => verdict === 'agrees')!.verdict = 'disagrees'
    const { code, out, err } = await compare(base, file('flipped.json', head), '--markdown')
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(out).toMatch(/^\*\*1 regression: /)
    expect(out).toContain('### Verdicts (1)')
  })

  test('says in one line what is missing, and is not green', async () => {
    const head = fixtureReport()
    const [lost] = head.claims.splice(0, 1)
    const { code, err } = await compare(base, file('lost.json', head))
    expect(code).toBe(1)
    expect(err).toBe(`sgd-oracle: 1 row of the base is missing: ${lost!.id}\n`)
  })

  test('compares benchmarks', async () => {
    const [fast, slow] = [1, 1.5].map((time) =>
      file(`bench-${time}.json`, renderResults(exampleResults([time, time], [1, 1]))),
    )
    expect((await compare(fast!, fast!)).code).toBe(0)
    expect(await compare(fast!, slow!)).toMatchObject({ code: 1, out: expect.stringContaining('+50 %') })
  })

  test('compares experiments with networks', async () => {
    const { code, out } = await compare(network, network)
    expect(code).toBe(0)
    expect(out).toMatch(/^No regression: 0 changes, /)
    const [first, ...rest] = networkReport.claims
    const head = { ...networkReport, claims: [{ ...first!, measured: 2 * first!.measured }, ...rest] }
    expect(await compare(network, file('changed-network.json', head))).toMatchObject({
      code: 1,
      out: expect.stringContaining('Computation changed'),
    })
  })

  test.each([
    ['another version', file('version.json', { ...report, schemaVersion: 2 }), /schemaVersion must be 1, got 2/],
    ['no JSON', file('text.json', 'hello'), /must be a report.json, got no JSON/],
    ['a network', network, /of one kind, got a verification and an experiment with a network/],
    ['no report of ours', file('other.json', { schemaVersion: 1, other: 1 }), /got the keys schemaVersion, other/],
    ['another shape', file('shape.json', { ...report, claims: 3 }), /shape.json: claims: /],
    [
      'benchmarks',
      file('bench.json', renderResults(exampleResults([1], [1]))),
      /of one kind, got a verification and b/,
    ],
    ['no file', join(folder, 'none.json'), /cannot read .*none.json: no such file/],
    ['a folder', folder, /it is a folder/],
  ])('refuses %s in one line', async (_, head, message) => {
    const { code, out, err } = await compare(base, head)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })
})
