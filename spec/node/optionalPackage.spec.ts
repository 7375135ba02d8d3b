import { optionalPackage } from '../../lib/node/optionalPackage';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error('broken'), { code }));

describe('optionalPackage', () => {
  it('gives what is loaded', async () => {
    expect(await optionalPackage('yaml', 'A config file', async () => 'loaded')).toBe('loaded');
  });

  it.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])('says what to type at %s', async (code) => {
    await expect(optionalPackage('yaml', 'A config file', failing(code))).rejects.toMatchObject({
      code: 'missing-package',
      message: 'A config file needs the package yaml: npm install yaml',
    });
    await expect(
      optionalPackage('pino', 'The command', failing(code), ['jiti', 'pino', 'yaml']),
    ).rejects.toThrow('The command needs the package pino: npm install pino jiti yaml');
  });

  it('passes on what a package throws by itself', async () => {
    await expect(optionalPackage('yaml', 'A config file', failing('EACCES'))).rejects.toThrow('broken');
  });
});
