import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { galleryFiles } from './gallery.ts'

/** `npm run gallery` */
const folder = fileURLToPath(new URL('../../docs/gallery/', import.meta.url))
mkdirSync(folder, { recursive: true })
galleryFiles().then((files) => {
  for (const [name, svg] of files) writeFileSync(`${folder}${name}`, svg)
  console.log(files.map(([name]) => `docs/gallery/${name}`).join('\n'))
})
