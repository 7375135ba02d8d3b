import * as yaml from 'yaml';
import { changedSections, parseSections } from '../../../lib/node/configs/parseSections';

const parse = (text: string, env: Record<string, string> = {}) =>
  parseSections(yaml, text, 'farm.yaml', (name) => env[name]);

describe('parseSections', () => {
  it('reads a section for each agent, from YAML or JSON', () => {
    const sections = new Map<string, unknown>([
      ['meter', { rate: 3 }],
      ['idle', null],
    ]);
    expect(parse('meter:\n  rate: 3\nidle:\n')).toEqual(sections);
    expect(parse('{ "meter": { "rate": 3 }, "idle": null }')).toEqual(sections);
    expect(parse('')).toEqual(new Map());
  });

  it('puts in what variables hold, as text, however deep and whatever it looks like', () => {
    const text = 'meter:\n  url: "mqtt://${USER}:${PASS}@farm"\n  ports: [{ in: "${PORT}" }]';
    expect(parse(text, { USER: 'ann', PASS: 'a: [b', PORT: '1883' }).get('meter')).toEqual({
      url: 'mqtt://ann:a: [b@farm',
      ports: [{ in: '1883' }],
    });
  });

  it.each([
    ['that is no YAML', 'meter:\n  rate: [1,', /^farm\.yaml:2:\d+ is no YAML: /],
    ['that holds no sections', '- meter', /^farm\.yaml has to hold a section for each agent/],
    [
      'with a variable that is not set',
      'meter:\n  in:\n    - key: ${KEY}',
      'meter.in.0.key in farm.yaml needs the environment variable KEY, which is not set. Set it, or write the value into the file.',
    ],
    [
      'with a variable that is none',
      'meter: { key: "${KEY:-x}" }',
      'meter.key in farm.yaml: ${KEY:-x} names no variable. Write ${NAME}, and nothing else in it.',
    ],
  ])('refuses a text %s', (_case, text, message) => {
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'bad-config-file' }));
  });
});

describe('changedSections', () => {
  it('names the agents whose section has changed, come or gone, and no other', () => {
    const before = parse('same: { a: [1] }\nother: { a: 1 }\ngone: {}');
    const after = parse('new: {}\nother: { a: 2 }\nsame:\n  a:\n    - 1');
    expect(changedSections(before, after).sort()).toEqual(['gone', 'new', 'other']);
  });
});
