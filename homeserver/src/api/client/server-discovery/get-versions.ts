// GET /_matrix/client/versions
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientversions
import { endpoint, Reply } from '#http/endpoint.ts'
import { SUPPORTED_VERSIONS, UNSTABLE_FEATURES } from './supported-versions.ts'

const BODY = { versions: SUPPORTED_VERSIONS, unstable_features: UNSTABLE_FEATURES }

export const getVersions = endpoint({
  method: 'GET',
  path: '/_matrix/client/versions',
  auth: 'optional',
  handler: () => Promise.resolve(new Reply(200, BODY, { Vary: 'Authorization' })),
})
