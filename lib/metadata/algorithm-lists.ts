import { signatures } from './rules/algorithms.ts'

/**
 * The algorithms of each kind of JWT: a signature, a key management, a content encryption. Part of
 * `supportedLists`, which checks their type.
 */
export const algorithmLists = {
  id_token_signing_alg_values_supported: {
    setting: 'idTokenSigningAlgs',
    member: 'id_token_signed_response_alg',
    use: 'signed_by_server',
    published: () => signatures,
    specDefault: 'RS256',
    choice: true,
  },
  id_token_encryption_alg_values_supported: {
    setting: 'idTokenEncryptionAlgs',
    member: 'id_token_encrypted_response_alg',
    use: 'encrypted_to_client',
    choice: true,
  },
  id_token_encryption_enc_values_supported: {
    setting: 'idTokenEncryptionEncs',
    member: 'id_token_encrypted_response_enc',
    use: 'content_encryption',
    alg: 'id_token_encrypted_response_alg',
    choice: true,
  },
  userinfo_signing_alg_values_supported: {
    setting: 'userinfoSigningAlgs',
    member: 'userinfo_signed_response_alg',
    use: 'signed_by_server',
    choice: true,
  },
  userinfo_encryption_alg_values_supported: {
    setting: 'userinfoEncryptionAlgs',
    member: 'userinfo_encrypted_response_alg',
    use: 'encrypted_to_client',
    choice: true,
  },
  userinfo_encryption_enc_values_supported: {
    setting: 'userinfoEncryptionEncs',
    member: 'userinfo_encrypted_response_enc',
    use: 'content_encryption',
    alg: 'userinfo_encrypted_response_alg',
    choice: true,
  },
  introspection_signing_alg_values_supported: {
    setting: 'introspectionSigningAlgs',
    member: 'introspection_signed_response_alg',
    use: 'signed_by_server',
    choice: true,
  },
  introspection_encryption_alg_values_supported: {
    setting: 'introspectionEncryptionAlgs',
    member: 'introspection_encrypted_response_alg',
    use: 'encrypted_to_client',
    choice: true,
  },
  introspection_encryption_enc_values_supported: {
    setting: 'introspectionEncryptionEncs',
    member: 'introspection_encrypted_response_enc',
    use: 'content_encryption',
    alg: 'introspection_encrypted_response_alg',
    choice: true,
  },
  authorization_signing_alg_values_supported: {
    setting: 'authorizationSigningAlgs',
    member: 'authorization_signed_response_alg',
    use: 'signed_by_server',
    choice: true,
  },
  authorization_encryption_alg_values_supported: {
    setting: 'authorizationEncryptionAlgs',
    member: 'authorization_encrypted_response_alg',
    use: 'encrypted_to_client',
    choice: true,
  },
  authorization_encryption_enc_values_supported: {
    setting: 'authorizationEncryptionEncs',
    member: 'authorization_encrypted_response_enc',
    use: 'content_encryption',
    alg: 'authorization_encrypted_response_alg',
    choice: true,
  },
  nfv_token_signing_alg_values_supported: {
    setting: 'nfvTokenSigningAlgs',
    member: 'nfv_token_signed_response_alg',
    use: 'signed_by_server',
  },
  nfv_token_encryption_alg_values_supported: {
    setting: 'nfvTokenEncryptionAlgs',
    member: 'nfv_token_encrypted_response_alg',
    use: 'encrypted_to_client',
  },
  nfv_token_encryption_enc_values_supported: {
    setting: 'nfvTokenEncryptionEncs',
    member: 'nfv_token_encrypted_response_enc',
    use: 'content_encryption',
    alg: 'nfv_token_encrypted_response_alg',
  },
  request_object_signing_alg_values_supported: {
    setting: 'requestObjectSigningAlgs',
    member: 'request_object_signing_alg',
    use: 'signed_by_client',
    choice: true,
  },
  request_object_encryption_alg_values_supported: {
    setting: 'requestObjectEncryptionAlgs',
    member: 'request_object_encryption_alg',
    use: 'encrypted_to_server',
    choice: true,
  },
  request_object_encryption_enc_values_supported: {
    setting: 'requestObjectEncryptionEncs',
    member: 'request_object_encryption_enc',
    use: 'content_encryption',
    alg: 'request_object_encryption_alg',
    choice: true,
  },
} as const
