import { randomBytes, webcrypto } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** The throw-away authority of one cloud, and the one server certificate that all of its hosts present. */
export interface Tls {
  /** PEM of the authority's certificate: what clients trust. */
  ca: string;
  /** PEM of the server certificate, followed by the authority's. */
  cert: string;
  /** PEM (PKCS#8) of the server's private key. */
  key: string;
  /** The same three as files, for `NODE_EXTRA_CA_CERTS`, `REQUESTS_CA_BUNDLE` and Azurite. */
  files: { ca: string; cert: string; key: string };
}

type Keys = webcrypto.CryptoKeyPair;
interface Issuer {
  certificate: x509.X509Certificate;
  keys: Keys;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;

function newKeys(): Promise<Keys> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - day), notAfter: new Date(now + 30 * day) };
}

/** Positive and unlike any other: OpenSSL refuses two certificates of one issuer and serial number. */
function serialNumber(): string {
  return `01${randomBytes(15).toString("hex")}`;
}

async function createAuthority(): Promise<Issuer> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    serialNumber: serialNumber(),
    name: `CN=Rehearsal cloud CA ${randomBytes(4).toString("hex")}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys };
}

/** The key identifiers are there for Python 3.13, whose strict check of a chain asks for them. */
async function createServer(issuer: Issuer, keys: Keys): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    ...validity(),
    serialNumber: serialNumber(),
    subject: "CN=127.0.0.1",
    issuer: issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "dns", value: "localhost" },
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
  });
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

/**
 * Makes a new authority and a server certificate for 127.0.0.1 and localhost, good for 30 days, and writes `ca.pem`,
 * `server.pem` and `server.key` into `directory` (made when missing; the key readable by its owner alone).
 */
export async function createTls(directory: string): Promise<Tls> {
  const issuer = await createAuthority();
  const keys = await newKeys();
  const server = await createServer(issuer, keys);
  const ca = `${issuer.certificate.toString("pem")}\n`;
  const cert = `${server.toString("pem")}\n${ca}`;
  const key = `${await pemOf(keys.privateKey)}\n`;
  const files = {
    ca: join(directory, "ca.pem"),
    cert: join(directory, "server.pem"),
    key: join(directory, "server.key"),
  };
  await mkdir(directory, { recursive: true });
  await writeFile(files.ca, ca);
  await writeFile(files.cert, cert);
  await writeFile(files.key, key, { mode: 0o600 });
  return { ca, cert, key, files };
}
