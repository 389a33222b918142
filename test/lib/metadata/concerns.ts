const across = 'cross-field.test.ts'
const catalogue = 'catalogue.test.ts'

/** The concerns of client metadata: what serves each, and the test beside this file that shows it. */
export const concerns: readonly (readonly [string, string, string])[] = [
  [
    'redirect URIs',
    'rules/redirect-uri.ts, rules/uri.ts, redirectUrisForApplication',
    'redirect-uri.test.ts',
  ],
  ['jwks with jwks_uri', 'oneSourceOfKeys', across],
  ['asymmetric algorithms without keys', 'keysForKeyMethods, keysForAlgorithms', across],
  ['an enc without its alg', 'algorithmForEncryption', across],
  ['redirects without redirect_uris', 'redirectUrisForRedirects', across],
  ['tls_client_auth without one subject', 'oneCertificateSubject', across],
  ['DPoP and certificate both', 'oneSenderConstraint', across],
  ['bound tokens with token', 'boundAtTokenEndpoint', across],
  ['CIBA', 'deliveryModeForCiba, endpointForNotification, confidentialGrants', across],
  ['pairwise without redirects', 'sectorWithoutRedirects', across],
  ['pairwise with several hosts', 'oneSectorForPairwise', across],
  [
    'the sector document',
    'lib/permission/metadata-documents.ts, lib/adapters/https',
    '../permission/metadata-documents.test.ts',
  ],
  ['none with a symmetric algorithm', 'secretForSymmetricAlgorithms', across],
  [
    'none with client_credentials',
    'confidentialGrants; narrowed by defaults.ts',
    'narrowing.test.ts',
  ],
  ['choice lists', 'members/rp-metadata-choices.ts', 'rp-metadata-choices.test.ts'],
  [
    'null is omitted; in an update, empty too',
    'parse-members.ts, lib/permission/permit.ts',
    catalogue,
  ],
  ['strict booleans and integers', 'boolean, seconds', catalogue],
  ['strings that are not empty', 'text', catalogue],
  ['duplicate JSON keys', 'functions/http/duplicate-key.ts', '../../spec/rfc7591.test.ts'],
  ['a statement wins over plain members', 'lib/permission/permit.ts', '../../spec'],
  [
    'client identifiers that are URLs',
    'identifiers are generated, never URLs; an update compares client_id as a string',
    '../../spec/rfc7592.test.ts',
  ],
]
