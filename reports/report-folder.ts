import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { schemaProblem } from '../foundation/schema-problem.ts'

/** A report on disk: a folder that is written whole or not at all, and JSON that is what its schema says. */

/** Everything that a report's folder may hold for us to replace it. */
const ours: readonly string[] = ['report.md', 'report.html', 'report.json', 'run.json', 'figures']
const drawingEndings: readonly string[] = ['.svg', '.png']

/** One file of a report: its path within the folder, and its text or bytes. */
export type ReportFile = readonly [path: string, content: string | Uint8Array]

/**
 * Writes all files of a report or none: into a folder beside `directory` that then takes its place. An older report there is
 * replaced; its folder is moved aside, never merged into.
 *
 * @param filesOf its files, relative to `directory`, in it or in its figures; made once the folder is known to be free
 * @param caller named in errors
 * @returns the paths written
 * @throws RangeError if `directory` holds anything that is not a report's
 */
export async function writeReportFolder(
  directory: string,
  filesOf: () => Promise<readonly ReportFile[]>,
  caller: string,
): Promise<string[]> {
  const target = await targetFolder(directory, caller)
  const files = await filesOf()
  await mkdir(dirname(target), { recursive: true })
  const staging = await mkdtemp(`${hidden(target)}.writing-`)
  try {
    const fresh = join(staging, basename(target))
    await mkdir(join(fresh, 'figures'), { recursive: true })
    for (const [path, content] of files) await writeFile(join(fresh, path), content)
    await takePlace(fresh, target)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
  return files.map(([path]) => join(directory, path))
}

/**
 * Refuses a folder that a report cannot be written to: ask before a long run, not after it.
 *
 * @throws RangeError if `directory` holds anything that is not a report's
 */
export async function checkReportFolder(directory: string): Promise<void> {
  await targetFolder(directory, 'checkReportFolder')
}

/**
 * The JSON of a file, as its schema says it.
 *
 * @param caller named in errors
 * @throws RangeError in one line if the file is not that; what `readFile` throws if it cannot be read
 */
export async function readReportJson<Value>(schema: z.ZodType<Value>, file: string, caller: string): Promise<Value> {
  const text = await readFile(file, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new RangeError(`${caller}: ${file} is not JSON`)
  }
  return checkSchema(schema, value, `${caller}: ${file}`)
}

/** The text of a report's JSON file. */
export function reportJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** The value, or a RangeError that names the first place where it is not what the schema says. */
export function checkSchema<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { place, message } = schemaProblem(result.error)
  throw new RangeError(`${what}${place}: ${message}`)
}

/** Where the report goes, links resolved. */
async function targetFolder(directory: string, caller: string): Promise<string> {
  const refuse = (why: string): RangeError =>
    new RangeError(`${caller}: directory must be new, empty or an older report, got ${directory}: ${why}`)
  const target = await realpath(directory).catch(() => resolve(directory))
  const found = await stat(target).catch(() => undefined)
  if (found === undefined) return target
  if (!found.isDirectory()) throw refuse('it is a file')
  if (target === (await realpath('.'))) throw refuse('it is the working folder, which would be moved away')
  const names = await readdir(target)
  if (names.length === 0) return target
  const foreign = names.find((name) => !ours.includes(name))
  if (foreign !== undefined) throw refuse(`it holds ${foreign}, which is not a report's`)
  if (!names.includes('report.json')) throw refuse('it holds no report.json')
  const drawings = names.includes('figures') ? await readdir(join(target, 'figures')).catch(() => ['figures']) : []
  const drawing = drawings.find((name) => !drawingEndings.some((ending) => name.endsWith(ending)))
  if (drawing !== undefined) throw refuse(`its figures hold ${drawing}, which is not a report's`)
  if (!(await isOurReport(join(target, 'report.json')))) throw refuse('its report.json was not written by sgd-oracle')
  return target
}

/** Of any version: an older report may be replaced though it cannot be read. */
async function isOurReport(file: string): Promise<boolean> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    return (value as { program?: { name?: unknown } } | null)?.program?.name === 'sgd-oracle'
  } catch {
    return false
  }
}

/** Hidden, in the same folder as the target, so that renaming stays on one file system. */
function hidden(target: string): string {
  return join(dirname(target), `.${basename(target)}`)
}

/** Moves what is at the target aside, the fresh folder in, and then removes the old one; undone if the second move fails. */
async function takePlace(fresh: string, target: string): Promise<void> {
  const exists = (await stat(target).catch(() => undefined)) !== undefined
  if (!exists) return rename(fresh, target)
  const aside = await mkdtemp(`${hidden(target)}.replaced-`)
  const old = join(aside, basename(target))
  await rename(target, old)
  try {
    await rename(fresh, target)
  } catch (error) {
    await rename(old, target)
    await rmdir(aside)
    throw error
  }
  await rm(aside, { recursive: true, force: true }).catch(() => {}) // the new report stands; what is left is hidden
}
