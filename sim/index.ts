export { type EnsembleStart, startAtMinimum, startAtOrigin } from './ensemble-start.ts'
export { type RegressionSourceOptions, regressionSource } from './regression-source.ts'
export { type TeacherOptions, teacherDataset } from './teacher.ts'
