import { Secrets } from '../../lib/node/Secrets';

describe('Secrets', () => {
  it('shows each value by the name of its variable', () => {
    const secrets = new Secrets();
    secrets.add('PASSWORD', 'hunter22');
    secrets.add('LONGER', 'hunter22-and-more');
    expect(secrets.hide('a hunter22, a hunter22-and-more')).toBe('a ${PASSWORD}, a ${LONGER}');
  });

  it('leaves a short value alone in the midst of others', () => {
    const secrets = new Secrets();
    secrets.add('PIN', '1');
    secrets.add('EMPTY', '');
    expect(secrets.hide('1')).toBe('${PIN}');
    expect(secrets.hide('10 of 1')).toBe('10 of 1');
  });
});
