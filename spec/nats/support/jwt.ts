import { createHash } from 'node:crypto';
import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

const base64 = (data: string | Uint8Array) => Buffer.from(data).toString('base64url');

/** A claim, signed as `nsc` does it. */
function sign(issuer: KeyPair, subject: string, name: string, nats: object): string {
  const claim = {
    iss: issuer.getPublicKey(),
    sub: subject,
    name,
    iat: 1_700_000_000,
    nats: { version: 2, ...nats },
  };
  const jti = createHash('sha256').update(JSON.stringify(claim)).digest('hex');
  const text = `${base64(JSON.stringify({ typ: 'JWT', alg: 'ed25519-nkey' }))}.${base64(JSON.stringify({ ...claim, jti }))}`;
  return `${text}.${base64(issuer.sign(Buffer.from(text)))}`;
}

/** What a server has to be told of an operator with one account, and the credentials of a user of it. */
export function operatorMode(): {
  readonly config: string;
  readonly creds: string;
  readonly seed: string;
  readonly jwt: string;
} {
  const [operator, account, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createUser()];
  const unlimited = { subs: -1, data: -1, payload: -1, conn: -1, imports: -1, exports: -1, wildcards: true };
  const operatorJwt = sign(operator, operator.getPublicKey(), 'operator', { type: 'operator' });
  const accountJwt = sign(operator, account.getPublicKey(), 'account', {
    type: 'account',
    limits: unlimited,
  });
  const jwt = sign(account, user.getPublicKey(), 'user', { type: 'user', subs: -1, data: -1, payload: -1 });
  const seed = Buffer.from(user.getSeed()).toString();
  return {
    config: `operator: ${operatorJwt}\nresolver: MEMORY\nresolver_preload: { ${account.getPublicKey()}: ${accountJwt} }`,
    creds: `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
    seed,
    jwt,
  };
}
