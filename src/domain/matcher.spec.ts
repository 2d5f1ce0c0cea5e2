import fc from 'fast-check';
import { formatMatcher, formatMatchers, incidentMatchers, parseMatchers, type Matcher } from './matcher.js';

const matcher = (name: string, operator: '=' | '!=' | '=~' | '!~', value: string): Matcher => ({
  name,
  value,
  isRegex: operator.endsWith('~'),
  isEqual: operator.startsWith('='),
});

describe('parseMatchers', () => {
  it.each<[string, Matcher[]]>([
    ['a="b"', [matcher('a', '=', 'b')]],
    ['a!="b"\nc="d"', [matcher('a', '!=', 'b'), matcher('c', '=', 'd')]],
    ['a=~"b.*"', [matcher('a', '=~', 'b.*')]],
    ['a!~"b|c"', [matcher('a', '!~', 'b|c')]],
    ['a=b', [matcher('a', '=', 'b')]],
    ['  a = b-1:9090/x ,\r\n\n c=~ d|e ', [matcher('a', '=', 'b-1:9090/x'), matcher('c', '=~', 'd|e')]],
    ['{a="b",c=~"d"}', [matcher('a', '=', 'b'), matcher('c', '=~', 'd')]],
    ['{\n  a="b",\n  c="",\n}', [matcher('a', '=', 'b'), matcher('c', '=', '')]],
    [String.raw`a="q \" b \\ n \n d \d"`, [matcher('a', '=', 'q " b \\ n \n d \\d')]],
    [String.raw`a=~db-\d+`, [matcher('a', '=~', 'db-\\d+')]],
    ['a="x, {y} = \'z\' “w”"', [matcher('a', '=', "x, {y} = 'z' “w”")]],
    ['"label with \\"UTF-8\\" 🔥"="b"', [matcher('label with "UTF-8" 🔥', '=', 'b')]],
    ['k8s.pod/name=b', [matcher('k8s.pod/name', '=', 'b')]],
    ['a!=""', [matcher('a', '!=', '')]],
    ['a!~".+"\nb=~".+"', [matcher('a', '!~', '.+'), matcher('b', '=~', '.+')]],
  ])('reads %j', (text, matchers) => {
    expect(parseMatchers(text)).toEqual({ matchers, faults: [] });
  });

  it.each<[string, string[]]>([
    ['a="b"\nnonsense', ['line 2: expected name="value", got nonsense']],
    ['a', ['line 1: expected name="value", got a']],
    ['a=', ['line 1: expected name="value", got a=']],
    ['="b"', ['line 1: expected name="value", got ="b"']],
    ['a=="b"', ['line 1: expected name="value", got a=="b"']],
    ["a='b'", ['line 1: expected name="value", got a=\'b\'']],
    ['a="b",,c="d"', ['line 1: expected name="value", got ,c="d"']],
    ['a="b" c="d"', ['line 1: expected a comma or a new line after a="b", got c="d"']],
    ['a=payment api', ['line 1: expected a comma or a new line after a=payment, got api']],
    ['a="b"\nc="d', ['line 2: the closing " is missing, got c="d']],
    ['a=“b”', ['line 1: use straight quotes ("), got a=“b”']],
    ['""="b"', ['line 1: expected a label\'s name before =, got ""="b"']],
    ['x\na=b\ny', ['line 1: expected name="value", got x', 'line 3: expected name="value", got y']],
    ['{a="b"', ['a } is missing at the end']],
    ['a="b"}', ['a { is missing at the beginning']],
    ['', ['expected at least one matcher, such as alertname="DiskFull"']],
    ['{}', ['expected at least one matcher, such as alertname="DiskFull"']],
    ...['a=""', 'a!="b"', 'a=~""', 'a=~".*"', 'a="",b!="c"'].map((text): [string, string[]] => [
      text,
      ['these would match alerts that have no such label: at least one matcher must ask for a value'],
    ]),
  ])('says what is wrong with %j', (text, faults) => {
    expect(parseMatchers(text)).toEqual({ matchers: [], faults });
  });

  it('takes 50 matchers and 3,000 characters, and no more', () => {
    const lines = (count: number): string => Array.from({ length: count }, (_, n) => `l${n}="v"`).join('\n');
    expect(parseMatchers(lines(50)).matchers).toHaveLength(50);
    const TOO_MANY = { matchers: [], faults: ['expected at most 50 matchers, got 51'] };
    expect(parseMatchers(lines(51))).toEqual(TOO_MANY);
    expect(parseMatchers(lines(51).replaceAll('\n', ','))).toEqual(TOO_MANY);
    const ofLength = (length: number): string => `a="${'x'.repeat(length - 4)}"`;
    expect(parseMatchers(ofLength(3_000)).matchers).toHaveLength(1);
    expect(parseMatchers(ofLength(3_001))).toEqual({
      matchers: [],
      faults: ['expected at most 3000 characters in all'],
    });
  });

  it('shows the beginning of a long line', () => {
    const [fault] = parseMatchers('🔥'.repeat(500)).faults;
    expect(fault).toBe(`line 1: expected name="value", got ${'🔥'.repeat(60)}…`);
    const [second] = parseMatchers('x '.repeat(20) + 'xoxb-1-abcdefghijklmnopqrst').faults;
    expect(second).toContain('x [secret]');
    expect(second).not.toContain('abc');
  });

  it('reads any text in a time that grows with its length', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('a"\\=~!,{} \n“é')), maxLength: 300 });
    fc.assert(
      fc.property(text, (any) => {
        const { matchers, faults } = parseMatchers(any);
        expect(matchers.length === 0).toBe(faults.length > 0);
      }),
    );
    const begin = performance.now();
    for (const unit of ['a', '"', '\\"', ' ', '{', 'a=', 'a="b" ']) parseMatchers(unit.repeat(10_000));
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});

describe('formatMatchers', () => {
  it('writes as Alertmanager does', () => {
    expect(
      formatMatchers([
        matcher('a', '=', 'b'),
        matcher('c', '!=', ''),
        matcher('d', '=~', 'e\\.f'),
        matcher('k8s.pod', '!~', '"\n'),
      ]),
    ).toBe('a="b"\nc!=""\nd=~"e\\\\.f"\n"k8s.pod"!~"\\"\\n"');
  });

  it('is read back as it was, whatever it holds', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...Array.from('a"\\\n\r{},= “é')) }),
    );
    const any = fc.record({
      name: text.filter((name) => name !== ''),
      value: text,
      isRegex: fc.boolean(),
      isEqual: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 5 }), (some) => {
        const matchers = [matcher('anchor', '=', 'x'), ...some];
        expect(parseMatchers(formatMatchers(matchers))).toEqual({ matchers, faults: [] });
        expect(parseMatchers(`{${matchers.map(formatMatcher).join(',')}}`).matchers).toEqual(matchers);
      }),
    );
  });
});

describe('incidentMatchers', () => {
  const KEY = ['alertname', 'severity', 'service'];
  const texts = (labels: Record<string, string>[], key = KEY): string[] =>
    incidentMatchers(
      labels.map((one) => ({ labels: one })),
      key,
    ).map(formatMatcher);

  it.each<[string, Record<string, string>[], string[], string[]]>([
    [
      'the key and no other label',
      [{ alertname: 'A', severity: 'critical', service: 'shop', instance: 'db1' }],
      KEY,
      ['alertname="A"', 'severity="critical"', 'service="shop"'],
    ],
    ['a missing label as empty', [{ alertname: 'A' }], KEY, ['alertname="A"', 'severity=""', 'service=""']],
    [
      'several values, missing ones too',
      [
        { alertname: 'A', service: 'unknown' },
        { alertname: 'A', severity: 'info' },
        { alertname: 'A', service: 'a|b.c' },
      ],
      KEY,
      ['alertname="A"', 'severity=~"|info"', 'service=~"|a\\\\|b\\\\.c|unknown"'],
    ],
    ['the name where the key is empty', [{ alertname: 'A' }], ['service'], ['service=""', 'alertname="A"']],
    [
      'the names where the key may be empty',
      [{ alertname: 'A', service: 'x' }, { alertname: 'B' }],
      ['service'],
      ['service=~"|x"', 'alertname=~"A|B"'],
    ],
    [
      'what the alerts share where they have no name',
      [
        { job: 'node', instance: 'db1', empty: '' },
        { job: 'node', instance: 'db2', empty: '' },
      ],
      KEY,
      ['alertname=""', 'severity=""', 'service=""', 'job="node"'],
    ],
    ['nothing where they share nothing', [{ job: 'node' }, { job: 'pod' }], KEY, []],
    ['nothing for alerts without labels', [{}, {}], KEY, []],
    ['nothing for no alerts', [], KEY, []],
  ])('asks for %s', (_, labels, key, expected) => {
    expect(texts(labels, key)).toEqual(expected);
  });

  it('matches every alert of the incident, and never everything', () => {
    const value = fc.constantFrom('', 'x', 'y.z', 'a|b', '(', '^$', '\\d', 'né\nw');
    const labels = fc.dictionary(fc.constantFrom('alertname', 'severity', 'service', 'job', 'pod'), value);
    const holds = ({ name, value, isRegex }: Matcher, of: Record<string, string>): boolean =>
      isRegex ? new RegExp(`^(?:${value})$`, 'u').test(of[name] ?? '') : (of[name] ?? '') === value;
    fc.assert(
      fc.property(fc.array(labels, { maxLength: 4 }), fc.subarray(KEY, { minLength: 1 }), (alerts, key) => {
        const matchers = incidentMatchers(
          alerts.map((one) => ({ labels: one })),
          key,
        );
        expect(alerts.every((one) => matchers.every((condition) => holds(condition, one)))).toBe(true);
        expect(matchers.length > 0 && matchers.every((condition) => holds(condition, {}))).toBe(false);
      }),
    );
  });
});
