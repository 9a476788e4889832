import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readSafetensors, type Tensor } from '../../foundation/formats/safetensors.ts'
import { writeSafetensors } from '../../foundation/formats/safetensors-writer.ts'

/** All that a run needs to go on as if nothing had happened. */
export interface Checkpoint {
  /** What makes the run the run that it is, as text: only a run of the same identity may go on from here. */
  readonly identity: string
  /** Steps taken. */
  readonly step: number
  /** Bytes of the record that these steps wrote. */
  readonly recordLength: number
  /** Where the batches stand, as JSON. */
  readonly batches: string
  /** Parameters, displacements, velocities and running statistics, by name. */
  readonly tensors: Readonly<Record<string, Tensor>>
}

/** Replaces a checkpoint: killed at any moment, the older one or the new one stands. */
export function writeCheckpoint(path: string, { identity, step, recordLength, batches, tensors }: Checkpoint): void {
  const metadata = { identity, step: String(step), record_length: String(recordLength), batches }
  writeSafetensors(path, tensors, metadata)
}

/**
 * Reads a checkpoint of a run of this identity, and removes what a kill has left half written beside it.
 *
 * @throws RangeError in one line if the file is no checkpoint, or one of another run
 */
export function readCheckpoint(path: string, identity: string): Checkpoint {
  removeDrafts(path)
  const { tensors, metadata } = readSafetensors(readFileSync(path), path)
  const step = Number(metadata['step'])
  const recordLength = Number(metadata['record_length'])
  const { identity: found, batches } = metadata
  if (!(Number.isSafeInteger(step) && Number.isSafeInteger(recordLength)) || found === undefined || !batches) {
    throw new RangeError(`readCheckpoint: ${path} is no checkpoint: it says of no step or run`)
  }
  if (found !== identity) {
    throw new RangeError(`readCheckpoint: ${path} is of another run: ${difference(found, identity)}`)
  }
  return { identity, step, recordLength, batches, tensors: Object.fromEntries(tensors) }
}

/** Where two texts part, with what follows in each. */
function difference(found: string, asked: string): string {
  let at = 0
  while (at < found.length && found[at] === asked[at]) at++
  const from = Math.max(0, at - 30)
  const shown = (text: string): string => JSON.stringify(text.slice(from, at + 30))
  return `it has ${shown(found)} where ${shown(asked)} is asked`
}

/** Drafts of the writer, `.NAME.writing-…`, whose process was killed. */
function removeDrafts(path: string): void {
  const folder = dirname(path)
  const beginning = `.${basename(path)}.writing-`
  for (const name of readdirSync(folder)) if (name.startsWith(beginning)) rmSync(join(folder, name), { force: true })
}
