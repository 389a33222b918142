import { startHydraStub } from './hydra-stub.ts'
import { describeHydra } from './hydra-suite.ts'

describeHydra('a stub of Ory Hydra', startHydraStub, 200)
