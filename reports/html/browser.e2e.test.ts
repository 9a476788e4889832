import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { renderFigures } from '../figures/index.ts'
import { fixtureReport, fixtureRun } from '../fixture.ts'
import { networkFixture } from '../networks/fixture.ts'
import { openChromium } from './chromium.fixture.ts'
import { renderNetworkHtml } from './network-page.ts'
import { renderSpecHtml } from './spec-page.ts'
import { fixtureSpecReport, fixtureSpecRun } from './spec-report.fixture.ts'
import { renderHtml } from './verification-page.ts'

const browser: Browser | undefined = await openChromium()
if (browser === undefined) console.log('report.html was not opened: no Chromium starts here')
const folder = await mkdtemp(join(tmpdir(), 'sgd-oracle-page-'))
afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true })
})

const report = fixtureReport()
const figures = await renderFigures(report)
const pages = {
  verification: renderHtml(report, figures, fixtureRun()),
  network: renderNetworkHtml(networkFixture(), figures, fixtureRun()),
  specs: renderSpecHtml(fixtureSpecReport(), figures, report.errata, fixtureSpecRun()),
}

/** The page in a window, and whatever it complained of or asked for. */
async function opened(
  name: keyof typeof pages,
  scheme = 'light',
): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
  const file = join(folder, `${name}.html`)
  await writeFile(file, pages[name])
  const page = await browser!.newPage()
  const [complaints, requests]: [string[], string[]] = [[], []]
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => requests.push(request.url()))
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  await page.setViewport({ width: 1280, height: 900 })
  await page.goto(pathToFileURL(file).href)
  return { page, complaints, requests }
}

/** Largest standard deviation of a colour channel: 0 is a blank picture. */
async function contrast(png: Uint8Array): Promise<number> {
  const { channels } = await sharp(png).stats()
  return Math.max(...channels.slice(0, 3).map(({ stdev }) => stdev))
}

describe.skipIf(browser === undefined)('in Chromium', () => {
  it.each(Object.keys(pages) as (keyof typeof pages)[])(
    '%s: no complaint, nothing loaded, figures seen',
    async (name) => {
      const { page, complaints, requests } = await opened(name)
      const drawn = await page.$$('figure.card svg')
      expect(drawn.length).toBe(figures.length)
      for (const svg of drawn) {
        const box = (await svg.boundingBox())!
        expect(Math.min(box.width, box.height)).toBeGreaterThan(100)
      }
      // text and lines on a light card: about 20 to 40
      expect(await contrast(await drawn[0]!.screenshot())).toBeGreaterThan(5)
      expect(await contrast(await page.screenshot())).toBeGreaterThan(5)
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(overflow).toBeLessThanOrEqual(0)
      // and on a telephone: what is wider scrolls by itself
      await page.setViewport({ width: 400, height: 900 })
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      expect(complaints).toEqual([])
      expect(requests).toHaveLength(1)
      await page.close()
    },
  )

  it('tables sort by number, largest first, then the other way', async () => {
    const { page } = await opened('verification')
    const column = (): Promise<number[]> =>
      page.$$eval('#rivals tbody tr', (rows) => rows.map((row) => Number(row.children[2]!.textContent)))
    const before = await column()
    await page.click('#rivals th:nth-child(3) button')
    const descending = await column()
    expect(descending).toEqual([...before].sort((a, b) => b - a))
    expect(descending).not.toEqual(before)
    await page.click('#rivals th:nth-child(3) button')
    expect(await column()).toEqual([...before].sort((a, b) => a - b))
    expect(await page.$eval('#rivals th:nth-child(3)', (th) => th.getAttribute('aria-sort'))).toBe('ascending')
    await page.close()
  })

  it('figures fill the window when clicked, and leave it when clicked again', async () => {
    const { page } = await opened('verification')
    const small = (await (await page.$('.zoom svg'))!.boundingBox())!
    await page.click('.zoom')
    const large = (await (await page.$('#zoomed svg'))!.boundingBox())!
    expect(large.width).toBeGreaterThan(small.width)
    await page.click('#zoomed')
    expect(await page.$eval('#zoomed', (dialog) => dialog.hasAttribute('open'))).toBe(false)
    await page.close()
  })

  it('a link to a claim opens it and its hypothesis', async () => {
    const { page } = await opened('verification')
    const seen = (): Promise<boolean> => page.$eval('#claim-2 pre', (pre) => pre.checkVisibility())
    expect(await seen()).toBe(false)
    await page.evaluate("location.hash = '#claim-2'")
    await page.waitForSelector('#claim-2[open]')
    expect(await seen()).toBe(true)
    await page.close()
  })

  it('a network’s claim opens from its line in the table', async () => {
    const { page } = await opened('network')
    expect(await page.$eval('#claim-1 pre', (pre) => pre.checkVisibility())).toBe(false)
    await page.click('#claims td a')
    await page.waitForSelector('#claim-1[open]')
    expect(await page.$eval('#claim-1 pre', (pre) => pre.checkVisibility())).toBe(true)
    await page.close()
  })

  it('words typed leave the claims that hold them all', async () => {
    const { page } = await opened('verification')
    await page.type('#find', 'constant SHUFFLED')
    const left = await page.$$eval('.claim:not([hidden]) > summary', (lines) => lines.map((line) => line.textContent))
    expect(left.length).toBeGreaterThan(0)
    for (const line of left) expect(line).toMatch(/constant-speed.*shuffled/)
    expect(left.length).toBeLessThan(report.claims.length)
    await page.close()
  })

  it('follows the reader’s colour scheme', async () => {
    const grounds: string[] = []
    for (const scheme of ['light', 'dark']) {
      const { page } = await opened('verification', scheme)
      grounds.push(String(await page.evaluate('getComputedStyle(document.body).backgroundColor')))
      await page.close()
    }
    expect(grounds).toEqual(['rgb(252, 252, 250)', 'rgb(21, 23, 26)'])
  })
})
