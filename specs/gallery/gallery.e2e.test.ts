import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { galleryFiles } from './gallery.ts'

const folder = new URL('../../docs/gallery/', import.meta.url)

it('docs/gallery is what the program draws, byte for byte (else: npm run gallery)', { timeout: 300_000 }, async () => {
  const files = await galleryFiles()
  expect(readdirSync(folder).sort()).toEqual(files.map(([name]) => name).sort())
  for (const [name, svg] of files) {
    expect(readFileSync(new URL(name, folder), 'utf8') === svg, `${name} differs`).toBe(true)
  }
})
