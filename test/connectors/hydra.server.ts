import { startHydra } from './hydra-server.ts'
import { describeHydra } from './hydra-suite.ts'

describeHydra('Ory Hydra', startHydra, 200)
