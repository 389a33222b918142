import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { Environment } from '../functions/environment.ts'
import { SettingsError } from '../lib/settings/settings-error.ts'
import { suppressNag } from './suppressions.ts'

/** A secret: created by this stack, or an existing one. */
export type AnySecret = Pick<ISecret, 'secretArn'>

export type SecretsProps = {
  readonly staticInitialAccessToken: boolean
  /** Existing key ring of registration access tokens. Default: a new one. */
  readonly keyRing?: AnySecret | undefined
  /** Existing key ring of client secrets. Default: a new one. */
  readonly clientSecretKeyRing?: AnySecret | undefined
  /** KMS key for all secrets. Default: the account's AWS managed key for Secrets Manager. */
  readonly encryptionKey?: IKey | undefined
}

/** Environment variable that holds the ARN of each secret. */
const secretVariables = {
  keyRing: 'KEY_RING_SECRET',
  clientSecretKeyRing: 'CLIENT_SECRET_KEY_RING_SECRET',
  masterToken: 'MASTER_TOKEN_SECRET',
  staticInitialAccessToken: 'STATIC_INITIAL_ACCESS_TOKEN_SECRET',
} as const satisfies Record<string, keyof Environment>

export type SecretName = keyof typeof secretVariables

const random = { passwordLength: 64, excludePunctuation: true }

/** A key ring with one key. Ids of the two rings begin with another letter, so that they differ. */
const keyRingFrom = (id: string) => ({
  generateSecretString: {
    ...random,
    secretStringTemplate: JSON.stringify({ current: id }),
    generateStringKey: id,
  },
  // The retained table holds tokens and client secrets that are useless without the key rings. A
  // failed first deployment still deletes them.
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
})

const notRotatedByItself =
  'The two tokens are in the hands of people and tools, which a rotation by the clock would lock out; the key rings only ever gain keys, because old ones decrypt or verify what is stored. All are rotated by the commands in cdk/README.md.'

/** With one ring for both, who may decrypt client secrets could also make tokens. */
function rejectSharedKeyRing({ keyRing, clientSecretKeyRing }: SecretsProps): void {
  if (keyRing !== undefined && keyRing.secretArn === clientSecretKeyRing?.secretArn)
    throw new SettingsError([
      'existing.clientSecretKeyRing: expected another secret than existing.keyRing',
    ])
}

/**
 * Secrets Manager generates the values at deployment, so no template or environment variable
 * contains one.
 */
export class Secrets extends Construct {
  readonly masterToken: Secret
  /**
   * The keys of registration access tokens, and of the client secrets that a version before 0.2
   * stored.
   */
  readonly keyRing: AnySecret
  /** The keys that encrypt client secrets. */
  readonly clientSecretKeyRing: AnySecret
  readonly #all: ReadonlyMap<SecretName, AnySecret>

  constructor(scope: Construct, id: string, props: SecretsProps) {
    super(scope, id)
    rejectSharedKeyRing(props)
    const encryption = props.encryptionKey && { encryptionKey: props.encryptionKey }
    this.keyRing =
      props.keyRing ??
      new Secret(this, 'KeyRing', {
        description: 'Keys of the client registration service: { "current": id, id: key, … }',
        ...keyRingFrom('k1'),
        ...encryption,
      })
    this.clientSecretKeyRing =
      props.clientSecretKeyRing ??
      new Secret(this, 'ClientSecretKeyRing', {
        description: 'Keys that encrypt client secrets: { "current": id, id: key, … }',
        ...keyRingFrom('s1'),
        ...encryption,
      })
    this.masterToken = new Secret(this, 'MasterToken', {
      description: "The operator's token for the client registration service",
      generateSecretString: random,
      removalPolicy: RemovalPolicy.DESTROY,
      ...encryption,
    })
    const all = new Map<SecretName, AnySecret>([
      ['keyRing', this.keyRing],
      ['clientSecretKeyRing', this.clientSecretKeyRing],
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

  /** The named secrets, without those that this stage does not have. */
  pick(names: readonly SecretName[]): readonly AnySecret[] {
    return names.flatMap((name) => this.#all.get(name) ?? [])
  }

  /** Environment variables with the ARNs of the named secrets. */
  environment(names: readonly SecretName[]): Environment {
    const known = names.flatMap((name) => {
      const secret = this.#all.get(name)
      return secret === undefined ? [] : [[secretVariables[name], secret.secretArn] as const]
    })
    return Object.fromEntries(known)
  }
}
