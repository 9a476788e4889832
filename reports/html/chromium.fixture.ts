import { existsSync } from 'node:fs'
import chromium from '@sparticuz/chromium'
import { type Browser, launch } from 'puppeteer-core'

/** Where distributions put theirs; the packaged one is for 64-bit Linux. */
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A headless Chromium, the one from the package or the machine's own; undefined where none starts. */
export async function openChromium(): Promise<Browser | undefined> {
  const packaged = await chromium.executablePath().catch(() => undefined)
  for (const executablePath of [packaged, ...installed]) {
    if (executablePath === undefined || !existsSync(executablePath)) continue
    const browser = await launch({ args: chromium.args, executablePath, headless: 'shell' }).catch(() => undefined)
    if (browser) return browser
  }
  return undefined
}
