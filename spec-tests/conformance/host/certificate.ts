import forge from 'node-forge'

/** PEM texts of a certificate and its key. */
export interface Credentials {
  readonly cert: string
  readonly key: string
}

const DAY_MS = 86_400_000

/** A certificate for a server name, signed by the suite's authority. */
export function leafCertificate(serverName: string, authority: Credentials): Credentials {
  const { pki, md } = forge
  const ca = pki.certificateFromPem(authority.cert)
  const keys = pki.rsa.generateKeyPair(2048)
  const leaf = pki.createCertificate()
  leaf.publicKey = keys.publicKey
  leaf.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`
  leaf.validity.notBefore = new Date(Date.now() - DAY_MS)
  leaf.validity.notAfter = new Date(Date.now() + 30 * DAY_MS)
  leaf.setSubject([{ name: 'commonName', value: serverName }])
  leaf.setIssuer(ca.subject.attributes)
  leaf.setExtensions([
    { name: 'subjectAltName', altNames: [{ type: 2, value: serverName }] },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
  ])
  leaf.sign(pki.privateKeyFromPem(authority.key), md.sha256.create())
  return { cert: pki.certificateToPem(leaf), key: pki.privateKeyToPem(keys.privateKey) }
}
