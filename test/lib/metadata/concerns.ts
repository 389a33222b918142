const across = 'across-members.test.ts'
const catalogue = 'catalogue.test.ts'

/** The concerns G1 to G21 of the requirements: what serves each, and the test beside this file that shows it. */
export const concerns: readonly (readonly [string, string, string])[] = [
  [
    'G1 redirect URIs',
    'redirect-uri.ts, uri.ts, redirectUrisForApplication',
    'redirect-uri.test.ts',
  ],
  ['G2 jwks with jwks_uri', 'oneSourceOfKeys', across],
  ['G3 asymmetric algorithms without keys', 'keysForKeyMethods, keysForAlgorithms', across],
  ['G4 an enc without its alg', 'algorithmForEncryption', across],
  ['G5 redirects without redirect_uris', 'redirectUrisForRedirects', across],
  ['G6 tls_client_auth without one subject', 'oneCertificateSubject', across],
  ['G7 DPoP and certificate both', 'oneSenderConstraint', across],
  ['G8 bound tokens with token', 'boundAtTokenEndpoint', across],
  ['G9 CIBA', 'deliveryModeForCiba, endpointForNotification, confidentialGrants', across],
  ['G10 pairwise without redirects', 'sectorWithoutRedirects', across],
  ['G11 pairwise with several hosts', 'oneSectorForPairwise', across],
  [
    'G12 the sector document',
    'lib/permission/metadata-documents.ts, lib/adapters/https',
    '../documents.test.ts',
  ],
  ['G13 none with a symmetric algorithm', 'secretForSymmetricAlgorithms', across],
  [
    'G14 none with client_credentials',
    'confidentialGrants; narrowed by defaults.ts',
    'narrowing.test.ts',
  ],
  ['G15 choice lists', 'rp-metadata-choices.ts', 'rp-metadata-choices.test.ts'],
  [
    'G16 null is omitted; in an update, empty too',
    'parse-members.ts, lib/update-client.ts',
    catalogue,
  ],
  ['G17 strict booleans and integers', 'flag, seconds', catalogue],
  ['G18 strings that are not empty', 'text', catalogue],
  ['G19 duplicate JSON keys', 'functions/http/duplicate-key.ts', '../../spec/rfc7591.test.ts'],
  ['G20 a statement wins over plain members', 'lib/permission/permit.ts', '../../spec'],
  [
    'G21 client identifiers that are URLs',
    'identifiers are drawn, never URLs; an update compares client_id as a string',
    '../../spec/rfc7592.test.ts',
  ],
]
