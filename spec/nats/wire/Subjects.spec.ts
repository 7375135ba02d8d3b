import fc from 'fast-check';
import { Subjects, toBucket, toKey } from '../../../lib/nats/wire/Subjects';

describe('Subjects', () => {
  const subjects = new Subjects();

  it.each([
    ['devices/b1/u7', 'devices.b1.u7'],
    ['v1.2/a b', 'v1=2E2.a=20b'],
    ['a=b/a=2E', 'a=b.a=3D2E'],
    ['büro/€', 'büro.€'],
    ['urn:uuid:1/a@b', 'urn:uuid:1.a@b'],
    ['$SYS/x/$y', '=24SYS.x.$y'],
    ['_INBOX/x', '=5FINBOX.x'],
    ['_INBOXES', '_INBOXES'],
    ['_rx', '=5Frx'],
    ['a>/b', 'a=3E.b'],
  ])('writes %s as %s, and reads it back', (topic, subject) => {
    expect(subjects.of(topic)).toBe(subject);
    expect(subjects.topicOf(subject)).toBe(topic);
  });

  it.each([
    ['devices/+/u7', ['devices.*.u7']],
    ['devices/*', ['devices', 'devices.>']],
    ['+/*', ['*', '*.>']],
    ['*', ['>']],
    ['a', ['a']],
  ])('makes the wildcards of NATS of those of %s', (filter, expected) => {
    expect(subjects.matching(filter)).toEqual(expected);
  });

  it('puts a prefix before all, and knows no others', () => {
    const own = new Subjects('farm.a');
    expect(own.of('$x/y')).toBe('farm.a.$x.y');
    expect(own.matching('*')).toEqual(['farm.a.>']);
    expect(own.topicOf('farm.a.$x.y')).toBe('$x/y');
    expect(own.topicOf('farm.ab')).toBeUndefined();
  });

  it.each(['$JS.API.INFO', '_INBOX.a.b', '_rx.cancel.a'])('takes %s for no topic', (subject) => {
    expect(subjects.topicOf(subject)).toBeUndefined();
  });

  it('leaves what others write as they have written it', () => {
    expect(subjects.topicOf('a=FF=')).toBe('a=FF=');
  });

  it('refuses what would cost the connection, since its line is too long', () => {
    expect(() => subjects.of('x'.repeat(2049))).toThrow(expect.objectContaining({ code: 'bad-topic' }));
    expect(() => subjects.of('€'.repeat(700))).toThrow(expect.objectContaining({ code: 'bad-topic' }));
  });

  const segments = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 5 });
  // What the pattern of a topic keeps out of it, since it stands for something.
  const topics = segments.map((all) => all.map((text) => text.replace(/[/+]|^\*$/g, 'x')).join('/'));

  it('gives each topic a subject of its own that the server takes, and finds the topic by it', () => {
    fc.assert(
      fc.property(topics, (topic) => {
        const subject = subjects.of(topic);
        expect(subject).toMatch(/^[^\s.*>]+(\.[^\s.*>]+)*$/u);
        expect(subjects.topicOf(subject)).toBe(topic);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the topic by a key of a bucket, too', () => {
    fc.assert(
      fc.property(topics, (topic) => {
        const key = toKey(subjects.of(topic));
        expect(key).toMatch(/^[-/=.\w]+$/);
        expect(subjects.topicOf(key)).toBe(topic);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('toBucket', () => {
  it('leaves plain names as they are, and gives no two texts the same', () => {
    expect(toBucket('rx-retained')).toBe('rx-retained');
    expect(new Set(['a.b', 'a_b', 'a b', 'a-b', 'a=2Eb', 'a_2Eb', 'ab'].map(toBucket)).size).toBe(7);
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(toBucket(one)).toMatch(/^[-\w]*$/);
        expect(toBucket(one) === toBucket(other)).toBe(one === other);
      }),
    );
  });
});
