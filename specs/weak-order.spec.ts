import { describeHypothesis } from '../harness/vitest/index.ts'
import { weakOrder } from './hypotheses/weak-order.ts'
import { weakOrders } from './weak-order/suite.ts'

describeHypothesis(weakOrder, weakOrders)
