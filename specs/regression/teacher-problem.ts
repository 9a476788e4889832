import { prepareDataset } from '../../foundation/dataset.ts'
import { type RegressionProblem, regressionProblem } from '../../foundation/regression-problem.ts'
import { type TeacherOptions, teacherDataset } from '../../sim/index.ts'

/** The regression problem that a linear teacher poses: its features as they are drawn, its targets about their mean. */
export function teacherProblem(options: Omit<TeacherOptions, 'name'>, weightDecay: number): RegressionProblem {
  const dataset = teacherDataset({ ...options, name: 'teacher' })
  const { features, targets, exampleCount } = prepareDataset(dataset, { standardize: false, center: true })
  return regressionProblem(features, targets, exampleCount, weightDecay)
}
