import { readFileSync, statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { type RecordedTrajectory, readRecordedTrajectory } from '../foundation/formats/recorded-trajectory.ts'
import { readSafetensors } from '../foundation/formats/safetensors.ts'
import { version } from '../foundation/version.ts'
import { renderSummary, writeReport } from '../reports/index.ts'
import { planCheck, runCheck } from '../specs/recorded/check.ts'
import { checked, exitCodes, InputError } from './failure.ts'
import { refuseForeignFolder } from './report-folder.ts'
import type { Streams } from './run.ts'
import { runRecord } from './run-record.ts'

export interface CheckOptions {
  readonly trajectory: string
  readonly settings?: string
  readonly spectrum?: string
  readonly burnIn: number
  readonly out?: string
}

/** A trajectory is held in memory whole; larger ones are refused. */
const largestFile = 2 ** 31

/** `sgd-oracle check`: judges a recorded trajectory and reports; resolves to the exit code. */
export async function check(options: CheckOptions, streams: Streams): Promise<number> {
  const startedAt = new Date()
  const name = basename(options.trajectory)
  const trajectory = readTrajectory(options.trajectory, name)
  const settings = options.settings === undefined ? {} : readSettingsOption(options.settings)
  const spectrum = options.spectrum === undefined ? undefined : readSpectrum(options.spectrum)
  const plan = checked(() =>
    planCheck({
      trajectory,
      settings,
      name,
      burnIn: options.burnIn,
      ...(spectrum === undefined ? {} : { spectrum }),
      command: commandOf(options),
    }),
  )
  const out = options.out ?? join('reports', 'out', name.replace(/\.[^.]*$/, ''))
  await refuseForeignFolder(out)
  const report = await runCheck(plan, version)
  const run = runRecord(startedAt, { inputPath: options.trajectory, workers: 1, schemes: [] })
  const written = await writeReport(out, report, run)
  streams.out.write(`${renderSummary(report)}\nReport: ${written.find((file) => file.endsWith('report.md')) ?? out}\n`)
  return report.summary.passed ? exitCodes.passed : exitCodes.failed
}

function readTrajectory(path: string, name: string): RecordedTrajectory {
  const bytes = readBytes('--trajectory', path)
  return checked(() => readRecordedTrajectory(bytes, name))
}

function readBytes(option: string, path: string): Buffer {
  try {
    const { size } = statSync(path)
    if (size > largestFile) {
      throw new InputError(
        `${option} ${path} has ${size} bytes, at most ${largestFile} can be judged: record fewer rows, modes or chains`,
      )
    }
    return readFileSync(path)
  } catch (error) {
    if (error instanceof InputError) throw error
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : (code ?? 'failed')
    throw new InputError(`cannot read ${option} ${path}: ${why}`)
  }
}

/** A JSON file, or the JSON itself. */
function readSettingsOption(given: string): unknown {
  const inline = given.trim().startsWith('{')
  const text = inline ? given : readBytes('--settings', given).toString('utf8')
  return parseJson(text, inline ? '--settings' : `--settings ${given}`)
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${what} is not JSON: ${(error as Error).message.replaceAll('\n', ' ')}`)
  }
}

/** Eigenvalues: a JSON array, the column `eigenvalue` or the only one of a CSV, or a tensor of safetensors. */
function readSpectrum(path: string): Float64Array {
  const bytes = readBytes('--spectrum', path)
  const name = basename(path)
  const values = checked(() => {
    switch (extname(path)) {
      case '.json':
        return parseJson(bytes.toString('utf8'), `--spectrum ${path}`)
      case '.safetensors':
        return spectrumTensor(bytes, name)
      default:
        return spectrumColumn(bytes.toString('utf8'), name)
    }
  })
  if (!Array.isArray(values) || values.length === 0 || !values.every((value) => Number.isFinite(value))) {
    throw new InputError(`--spectrum ${path} must hold a list of finite numbers, one a mode`)
  }
  return Float64Array.from(values as number[])
}

function spectrumTensor(bytes: Buffer, name: string): number[] {
  const { tensors } = readSafetensors(bytes, name)
  const found =
    tensors.get('spectrum') ?? tensors.get('eigenvalues') ?? (tensors.size === 1 ? [...tensors.values()][0] : undefined)
  if (found === undefined) {
    throw new RangeError(
      `${name}: a spectrum must be the tensor spectrum, eigenvalues or the only one, got ${[...tensors.keys()].join(', ')}`,
    )
  }
  return Array.from(found.values as ArrayLike<number | bigint>, Number)
}

function spectrumColumn(text: string, name: string): number[] {
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const columns = header.split(',').map((cell) => cell.trim())
  const isNumber = (cell: string): boolean => cell !== '' && Number.isFinite(Number(cell))
  const named = columns.findIndex((cell) => /^(eigenvalues?|spectrum|rho)$/i.test(cell))
  if (named === -1 && columns.length > 1) {
    throw new RangeError(
      `${name}: a spectrum must be the column eigenvalue or the only one, got ${columns.length} columns`,
    )
  }
  const rows = isNumber(columns[Math.max(0, named)]!) ? [header, ...lines] : lines
  return rows.map((line, row) => {
    const cell = line.split(',')[Math.max(0, named)]?.trim() ?? ''
    if (!isNumber(cell))
      throw new RangeError(`${name}: row ${row + 1} must hold a finite number, got ${JSON.stringify(cell)}`)
    return Number(cell)
  })
}

/** The command without paths, so that the same file gives the same report anywhere. */
function commandOf({ trajectory, settings, spectrum, burnIn }: CheckOptions): string {
  const words = [`npx sgd-oracle check --trajectory ${basename(trajectory)}`]
  if (settings !== undefined) {
    const inline = settings.trim().startsWith('{')
    words.push(`--settings ${inline ? `'${settings.trim().replace(/\s+/g, ' ')}'` : basename(settings)}`)
  }
  if (spectrum !== undefined) words.push(`--spectrum ${basename(spectrum)}`)
  if (burnIn > 0) words.push(`--burn-in ${burnIn}`)
  return words.join(' ')
}
