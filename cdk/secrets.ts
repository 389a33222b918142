import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { Environment } from '../functions/environment.ts'
import { suppressNag } from './suppressions.ts'

/** A secret, made here or by a stage before. */
export type AnySecret = Pick<ISecret, 'secretArn'>

export type SecretsProps = {
  readonly staticInitialAccessToken: boolean
  /** A key ring that is there already; one is made unless given. */
  readonly keyRing?: AnySecret | undefined
  /** Encrypts them all; the account's key for Secrets Manager unless given. */
  readonly encryptionKey?: IKey | undefined
}

/** The environment variable that tells a Lambda the id of a secret. */
const secretVariables = {
  keyRing: 'KEY_RING_SECRET',
  masterToken: 'MASTER_TOKEN_SECRET',
  staticInitialAccessToken: 'STATIC_INITIAL_ACCESS_TOKEN_SECRET',
} as const satisfies Record<string, keyof Environment>

export type SecretName = keyof typeof secretVariables

const random = { passwordLength: 64, excludePunctuation: true }

const notRotatedByItself =
  'The two tokens are in the hands of people and tools, which a rotation by the clock would lock out; the key ring only ever gains keys, because old ones decrypt what is stored. Both are rotated by the commands in cdk/README.md.'

/** Secrets drawn by Secrets Manager at deploy: no template and no environment variable ever holds one. */
export class Secrets extends Construct {
  readonly masterToken: Secret
  readonly #all: ReadonlyMap<SecretName, AnySecret>

  constructor(scope: Construct, id: string, props: SecretsProps) {
    super(scope, id)
    const encryption = props.encryptionKey && { encryptionKey: props.encryptionKey }
    const keyRing =
      props.keyRing ??
      new Secret(this, 'KeyRing', {
        description: 'Keys of the client registration service: { "current": id, id: key, … }',
        generateSecretString: {
          ...random,
          secretStringTemplate: JSON.stringify({ current: 'k1' }),
          generateStringKey: 'k1',
        },
        // Without its keys the client secrets that the retained table holds cannot be read again. A first deploy that
        // fails leaves none behind.
        removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        ...encryption,
      })
    this.masterToken = new Secret(this, 'MasterToken', {
      description: "The operator's token for the client registration service",
      generateSecretString: random,
      removalPolicy: RemovalPolicy.DESTROY,
      ...encryption,
    })
    const all = new Map<SecretName, AnySecret>([
      ['keyRing', keyRing],
      ['masterToken', this.masterToken],
    ])
    if (props.staticInitialAccessToken) {
      const token = new Secret(this, 'StaticInitialAccessToken', {
        description: 'The static initial access token (RFC 7591 §3) of this stage',
        generateSecretString: random,
        removalPolicy: RemovalPolicy.DESTROY,
        ...encryption,
      })
      all.set('staticInitialAccessToken', token)
    }
    this.#all = all
    suppressNag(this, 'SMG4', notRotatedByItself)
  }

  /** Those of the named secrets that this stage has. */
  pick(names: readonly SecretName[]): readonly AnySecret[] {
    return names.flatMap((name) => this.#all.get(name) ?? [])
  }

  /** What tells a Lambda the ids of these secrets. */
  environment(names: readonly SecretName[]): Environment {
    const known = names.flatMap((name) => {
      const secret = this.#all.get(name)
      return secret === undefined ? [] : [[secretVariables[name], secret.secretArn] as const]
    })
    return Object.fromEntries(known)
  }
}
