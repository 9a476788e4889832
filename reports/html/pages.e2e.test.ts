import { describe, expect, it } from 'vitest'
import type { ErrorBudget, Report } from '../../foundation/results.ts'
import { renderFigures } from '../figures/index.ts'
import { fixtureReport, fixtureRun } from '../fixture.ts'
import { networkFixture } from '../networks/fixture.ts'
import { intervalText } from './claim-entries.ts'
import { sharesOfSteps } from './error-budget-section.ts'
import { renderNetworkHtml } from './network-page.ts'
import { renderSpecHtml } from './spec-page.ts'
import { fixtureSpecReport, fixtureSpecRun } from './spec-report.fixture.ts'
import { renderHtml } from './verification-page.ts'

const report = fixtureReport()
const network = networkFixture()
const figures = await renderFigures(report)
const page = renderHtml(report, figures, fixtureRun())
const pages = {
  verification: page,
  network: renderNetworkHtml(network, figures, fixtureRun()),
  specs: renderSpecHtml(fixtureSpecReport(), figures, report.errata, fixtureSpecRun()),
}

/** What matches: a failure must not print a page of a megabyte. */
const found = (text: string, pattern: RegExp): string[] => [...(text.match(pattern) ?? [])]
const occurrences = (text: string, part: string): number => text.split(part).length - 1

describe('pages', () => {
  it.each(Object.entries(pages))('%s: one file that names no other, with every element closed', (_, html) => {
    expect(found(html, /<(?:script|img|link|iframe)[^>]*\b(?:src|href)=/)).toEqual([])
    expect(found(html, /url\((?!#)|@import|\bfetch\(|XMLHttpRequest/)).toEqual([])
    for (const name of ['details', 'table', 'section', 'figure', 'div', 'tr', 'td', 'button', 'svg']) {
      expect(occurrences(html, `</${name}>`)).toBe(html.match(new RegExp(`<${name}[ >]`, 'g'))?.length ?? 0)
    }
    const words = html.slice(html.indexOf('<main>'), html.indexOf('</main>'))
    expect(found(words, /undefined|\[object|NaN|Infinity/)).toEqual([])
  })

  it.each(Object.entries(pages))('%s: no id twice, and every link within leads somewhere', (_, html) => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)
    expect(ids.length).toBe(new Set(ids).size)
    for (const [, target] of html.matchAll(/(?:href="|url\()#([^")]+)/g)) expect(ids).toContain(target)
  })

  it('the same report gives the same bytes', () => {
    expect(renderHtml(fixtureReport(), figures, fixtureRun()) === page).toBe(true)
  })

  it('the first screen counts required claims, and says what may be false, with which seed, where', () => {
    const { required } = report.summary
    const opening = page.slice(page.indexOf('<header>'), page.indexOf('</header>'))
    for (const [sign, count] of [
      ['✓', required.agrees],
      ['✗', required.disagrees],
      ['?', required.inconclusive],
      ['–', required.notAnswerable],
    ]) {
      expect(opening).toContain(`>${sign} ${count}</b>`)
    }
    expect(opening).toContain(`α = 10⁻⁶`)
    expect(opening).toContain(`<dt>seed</dt><dd>${report.seed}</dd>`)
    expect(opening).toContain(fixtureRun().cpu)
  })

  it('every first screen names versions and machine, of merged shards all of them', () => {
    const opening = (html: string): string => html.slice(html.indexOf('<header>'), html.indexOf('</header>'))
    const { cpu, cores, node } = fixtureRun()
    const machine = `${cpu}, ${cores} cores, linux x64, Node ${node.slice(1)}`
    for (const html of [page, pages.network]) {
      expect(opening(html)).toContain('<dt>version</dt><dd>sgd-oracle 0.1.0, report schema 1</dd>')
      expect(opening(html)).toContain(`<dt>on</dt><dd>${machine}</dd>`)
    }
    const seeded = { ...network, seeds: { parameters: 5, pretraining: 6, split: 7 } }
    expect(opening(renderNetworkHtml(seeded, []))).toMatch(
      /<dd>runs 1, .*; parameters 5; pre-training 6; split 7<\/dd>/,
    )
    const specs = opening(pages.specs)
    expect(specs).toContain('<dd>sgd-oracle 0.1.0, vitest 4.1.12, report schema 1</dd>')
    expect(specs).toContain('made up, 4 cores, linux x64, Node 20.20.2: 21 files</dd>')
    expect(specs).toContain('made &#60;of&#62; nothing, 4 cores, linux x64, Node 20.20.2: 1 file</dd>')
    expect(specs).toContain('in shards that were put together elsewhere')
  })

  it('every claim has an entry with its replay command', () => {
    expect(occurrences(page, '<details class="claim"')).toBe(report.claims.length)
    expect(occurrences(pages.specs, '<details class="claim"')).toBe(report.claims.length)
    expect(occurrences(page, '<pre>')).toBe(report.claims.length)
  })

  it('every claim of a network opens to its setting, both intervals, its margin with the reason, and its rivals', () => {
    const [first, ...rest] = network.claims
    const judged = {
      ...{ standardError: 3e-5, replicas: 16, ratioEquivalence: [0.98, 1.02] as [number, number], phi: 1e-3 },
      marginReason: 'as <tight> as that',
    }
    const rival = { ...first!, theory: 'langevin', verdict: 'disagrees' as const }
    const html = renderNetworkHtml({ ...network, claims: [{ ...first!, ...judged }, rival, ...rest] }, [])
    expect(occurrences(html, '<details class="claim"')).toBe(network.claims.length + 1)
    const entry = html.slice(html.indexOf('id="claim-1"'), html.indexOf('id="claim-2"'))
    for (const part of [
      `<dd>default/${first!.quantity}/discrete</dd>`,
      'η = 0.02, β = 0.9, λ = 0.001, S = 64, with replacement, 2,048 steps, seed 1',
      'standard error 3.000·10⁻⁵ from 16 independent parts',
      '(1 − α, α = 0.001)',
      '0.9800 to 1.020 (1 − 2φ, φ = 0.001)',
      '±10 %: as &#60;tight&#62; as that',
      '<td>Langevin dynamics</td>',
      network.command,
    ]) {
      expect(entry).toContain(part)
    }
    // without an interval, and without a rival
    const last = html.slice(html.indexOf(`id="claim-${network.claims.length + 1}"`))
    expect(last).toContain('without an interval')
    expect(found(last.slice(0, last.indexOf('<pre>')), /<table|confidence/)).toEqual([])
  })

  it('names from a file are text wherever they are shown', () => {
    const evil = `</script><img src=x onerror=alert(1)>`
    const [first, ...rest] = report.claims
    const changed: Report = {
      ...report,
      dataset: { ...report.dataset, name: evil },
      command: evil,
      claims: [
        { ...first!, quantity: evil, replay: evil, reason: evil, marginReason: evil, hypothesis: evil },
        ...rest,
      ],
      theories: [...report.theories, { name: evil, title: evil, source: evil }],
      errorBudget: report.errorBudget.map((budget) => ({ ...budget, quantity: evil })),
    }
    const html = renderHtml(changed, [])
    expect(found(html, /<img/)).toEqual([])
    expect(occurrences(html, '</script>')).toBe(1)
  })

  it('a bug that nobody caught, and an undecided claim, stand out', () => {
    expect(found(pages.specs, /<b class="disagrees">nobody<\/b>/)).toHaveLength(1)
    expect(found(page, /required claims? that (?:does|do) not agree/)).toHaveLength(1)
  })
})

describe('intervalText', () => {
  it('has four digits, or more where the ends need them to be told apart', () => {
    expect(intervalText([0.98, 1.02])).toBe('0.9800 to 1.020')
    expect(intervalText([-0.0437509, -0.0437491])).toBe('−0.0437509 to −0.0437491')
    expect(intervalText([2e-9, 2.000002e-9])).toBe('2·10⁻⁹ to 2.000002·10⁻⁹')
    expect(intervalText([1, 1])).toBe('1.000 to 1.000')
  })
})

describe('sharesOfSteps', () => {
  const rowsOf = (values: readonly number[]): ErrorBudget['rows'] =>
    values.map((value, i) => ({ name: String(i), value, percentOfFirst: 0, stepPercent: 0 }))

  it('steps of one factor share alike, whatever their direction', () => {
    expect(sharesOfSteps(rowsOf([1, 1.1, 1.21, 1.1]))).toEqual([
      0,
      expect.closeTo(1 / 3, 12),
      expect.closeTo(1 / 3, 12),
      expect.closeTo(1 / 3, 12),
    ])
  })

  it('where nothing moves, or a sign changes, there is no share', () => {
    expect(sharesOfSteps(rowsOf([2, 2, 2]))).toEqual([0, 0, 0])
    expect(sharesOfSteps(rowsOf([2, -1]))).toEqual([0, 0])
  })
})
