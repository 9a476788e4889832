import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Writes a JSON file, all of it or nothing. */
export function writeJson(path: string, value: unknown): void {
  const draft = `${path}.writing`
  writeFileSync(draft, `${JSON.stringify(value, null, 1)}\n`)
  renameSync(draft, path)
}

/** The value of a JSON file that this program wrote; undefined if there is none. */
export function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}
