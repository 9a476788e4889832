import { availableParallelism } from 'node:os'
import { Command, CommanderError, Option } from 'commander'
import { backendNames } from '../empirical/tensorflow/backend-names.ts'
import { samplingSchemes } from '../foundation/phase-space.ts'
import { version } from '../foundation/version.ts'
import { simulationStarts } from '../specs/regression/simulate.ts'
import type { CheckOptions } from './check.ts'
import { type CompareOptions, compare } from './compare.ts'
import type { EmpiricalOptions } from './empirical.ts'
import { exitCodes, InputError } from './failure.ts'
import { decimal, integer, ranges } from './numbers.ts'
import { type PredictOptions, predict } from './predict.ts'
import { type SimulateOptions, simulate } from './simulate.ts'
import { theories } from './theories.ts'
import type { VerifyOptions } from './verify.ts'

/** Where a command says things; a terminal gets a progress bar on `err`. */
export interface Streams {
  readonly out: NodeJS.WritableStream
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** Runs one command line (without node and script) and resolves to its exit code. What is wrong is said in one line. */
export async function run(args: readonly string[], streams: Streams): Promise<number> {
  let exitCode: number = exitCodes.passed
  const program = commands(streams, (code) => {
    exitCode = code
  })
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => streams.out.write(text),
      writeErr: () => undefined, // said once, in one line, by `failure`
    })
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    return failure(error, streams)
  }
  return exitCode
}

function commands(streams: Streams, exitWith: (code: number) => void): Command {
  const program = new Command('sgd-oracle')
    .description("Verifies the theory of SGD's limiting dynamics by simulation.")
    .version(version)

  const dataOfARun = 'CSV with a header line, or CIFAR-10 binary records (default: the embedded example)'
  withRunOptions(
    withDataOptions(
      program
        .command('verify')
        .description('verify the theory on a regression dataset, or on the embedded example, and write a report'),
      dataOfARun,
    ),
  )
    .option('--out <folder>', 'where the report goes (default: reports/out/<dataset>)')
    .option('--dry-run', 'print claims, costs, margins, limits and η; sample nothing', false)
    .action(async (options: VerifyOptions) => {
      // those that draw figures load what draws them, which takes longer than many a command
      const { verify } = await import('./verify.ts')
      exitWith(await verify(options, streams))
    })

  withRunOptions(
    withDataOptions(
      program
        .command('simulate')
        .description('simulate SGD on a regression dataset, or on the embedded example, and write its trajectories'),
      dataOfARun,
    ),
  )
    .addOption(
      new Option('--sampling <scheme>', 'how examples, or the noise, are drawn')
        .choices(samplingSchemes)
        .default('with-replacement'),
    )
    .option(
      '--degrees-of-freedom <nu>',
      'of student-t noise',
      decimal('a number > 0', (x) => x > 0),
    )
    .option('--frozen', 'the noise of the examples is that at the minimum, wherever the parameters are', false)
    .addOption(
      new Option('--start <where>', 'of every chain; stationary: drawn from the predicted law')
        .choices(simulationStarts)
        .default('minimum'),
    )
    .option('--chains <number>', 'independent chains', atLeastOne, 1)
    .option('--steps <number>', 'of each chain', atLeastOne, 10_000)
    .option('--every <steps>', 'from row to row (default: a thousandth of --steps, at least 1)', atLeastOne)
    .option('--modes <list>', 'modes to write, 1 the steepest, such as 1-10,30 (default: the first 32)', ranges)
    .requiredOption('--out <file>', 'what to write: FILE.safetensors')
    .action(async (options: SimulateOptions) => {
      exitWith(await simulate(options, streams))
    })

  program
    .command('check')
    .description('judge a recorded trajectory, from `simulate`, PyTorch or JAX, and write a report')
    .requiredOption('--trajectory <file>', 'safetensors as docs/trajectories.md describes')
    .option('--settings <json>', 'a JSON file, or JSON itself: what the file does not say, or says wrongly')
    .option('--spectrum <file>', 'eigenvalues: JSON array, CSV column or safetensors tensor')
    .option(
      '--burn-in <rows>',
      'rows to leave out after the first',
      integer('≥ 0', (n) => n >= 0),
      0,
    )
    .option('--out <folder>', 'where the report goes (default: reports/out/<file>)')
    .action(async (options: CheckOptions) => {
      const { check } = await import('./check.ts')
      exitWith(await check(options, streams))
    })

  program
    .command('compare')
    .description('hold the report.json of two runs, or two results of the benchmarks, against each other')
    .argument('<base>', 'what was')
    .argument('<head>', 'what is')
    .option('--markdown', 'for a comment on a pull request, of at most 60,000 characters', false)
    .action((base: string, head: string, options: CompareOptions) => {
      exitWith(compare(base, head, options, streams))
    })

  program
    .command('empirical')
    .description(
      'train a network, measure its curvature, follow it after convergence, and report it against the theory',
    )
    .argument('<experiment>', 'a JSON file such as those in empirical/experiments')
    .option(
      '--data <file>',
      "CSV with a header line, or CIFAR-10 binary records, in place of the experiment's own data",
    )
    .option('--target <column>', 'CSV column to predict')
    .addOption(new Option('--backend <name>', 'what computes (default: the first that works)').choices(backendNames))
    .option('--out <folder>', 'records, checkpoints and report (default: reports/out/<name>)')
    .option('--resume', 'go on with unfinished parts from their checkpoints', false)
    .option('--workers <threads>', 'threads that runs are spread over (default: one a core; one on a GPU)', atLeastOne)
    .action(async (file: string, options: EmpiricalOptions) => {
      const { empirical } = await import('./empirical.ts') // TensorFlow.js takes half a second to load
      exitWith(await empirical(file, options, streams))
    })

  withDataOptions(
    program
      .command('predict')
      .description('answer requests for predictions, as JSON')
      .requiredOption('--input <file>', 'a request or an array of requests; - for standard input')
      .option('--theory <name>', 'who answers, for every request: a name that `theories` lists, or all'),
    'take eigenvalues, noise variance and example count from a CSV or CIFAR-10 file',
  ).action((options: PredictOptions) => {
    streams.out.write(predict(options))
  })

  program
    .command('theories')
    .description('list every theory with its source and what it predicts')
    .action(() => {
      streams.out.write(theories())
    })
  return program
}

const atLeastOne = integer('≥ 1', (n) => n >= 1)

function workersOption(): Option {
  return new Option('--workers <threads>', 'threads to work in; results do not depend on it')
    .argParser(atLeastOne)
    .default(availableParallelism())
}

/** What SGD is run with. */
function withRunOptions(command: Command): Command {
  return command
    .option(
      '--learning-rate <eta>',
      'default: min(0.05 × mean limit, 0.1 × mean-square limit)',
      decimal('a number > 0', (x) => x > 0),
    )
    .option(
      '--momentum <beta>',
      'heavy-ball coefficient',
      decimal('in [0, 1)', (x) => x >= 0 && x < 1),
      0.9,
    )
    .option(
      '--weight-decay <lambda>',
      'L2 coefficient',
      decimal('a number ≥ 0', (x) => x >= 0),
      0,
    )
    .option('--batch-size <examples>', 'examples a step', atLeastOne, 32)
    .addOption(workersOption())
    .option(
      '--seed <number>',
      'of all random streams',
      integer('from 0 to 2³¹ − 1', (n) => n >= 0 && n < 2 ** 31),
      1,
    )
}

/** What says where data come from and how they are read. */
function withDataOptions(command: Command, meaning: string): Command {
  return command
    .option('--data <file>', meaning)
    .addOption(new Option('--format <format>', 'of --data; else by its extension').choices(['csv', 'cifar10']))
    .option('--target <column>', 'CSV column to predict')
    .option('--one-hot', 'the target is a class: one output for each', false)
    .option(
      '--pool <pixels>',
      'average blocks of pixels: 1, 2, 4, 8, 16 or 32',
      integer('from 1 to 32', (n) => n >= 1 && n <= 32),
    )
    .option('--no-standardize', 'leave the features as they are')
    .option('--no-center', 'leave the targets as they are')
}

/** One line on stderr, never a stack trace; the exit code. */
function failure(error: unknown, { err }: Streams): number {
  const say = (message: string): void => {
    err.write(`sgd-oracle: ${message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')}\n`)
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.passed // --help, --version
    say(
      error.code === 'commander.help'
        ? 'a command is needed: verify, simulate, check, compare, empirical, predict or theories (--help tells more)'
        : error.message,
    )
    return exitCodes.badInput
  }
  if (error instanceof InputError) {
    say(error.message)
    return exitCodes.badInput
  }
  say(`internal error: ${error instanceof Error ? error.message : String(error)}`)
  return exitCodes.internal
}
