import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** Certificates of an authority of one's own, for this machine, in PEM files of a folder. */
export function writeCertificates(folder: string): { ca: string; cert: string; key: string } {
  const [ca, caKey, cert, key, request] = ['ca.pem', 'ca-key.pem', 'cert.pem', 'key.pem', 'request.pem'].map(
    (name) => join(folder, name),
  ) as [string, string, string, string, string];
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...fresh, '-keyout', caKey, '-out', ca, '-days', '2', '-subj', '/CN=authority');
  openssl(
    'req',
    ...fresh,
    '-keyout',
    key,
    '-out',
    request,
    '-subj',
    '/CN=host',
    '-addext',
    'subjectAltName=IP:127.0.0.1,DNS:localhost',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    request,
    '-CA',
    ca,
    '-CAkey',
    caKey,
    '-CAcreateserial',
    '-out',
    cert,
    '-days',
    '2',
    '-copy_extensions',
    'copy',
  );
  return { ca, cert, key };
}
