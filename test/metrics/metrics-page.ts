import type { ServiceProcess } from '../support/service-process.js';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const HEAD = /^# (HELP|TYPE) (\S+) (.*)$/;
const SAMPLE = /^([a-z0-9_]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g;

/** An answer of GET /metrics, read as strictly as the service writes it. */
export class MetricsPage {
  readonly families: readonly Family[];

  constructor(readonly text: string) {
    const families: { name: string; type: string; help: string; samples: Sample[] }[] = [];
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const [, head, about = '', rest = ''] = HEAD.exec(line) ?? [];
      if (head === 'HELP') families.push({ name: about, type: '', help: rest, samples: [] });
      const family = families.at(-1);
      if (family === undefined) throw new Error(`before any HELP: ${line}`);
      if (head === 'TYPE') family.type = rest;
      else if (head === undefined) family.samples.push(sampleOf(line));
    }
    this.families = families;
  }

  static async of(service: ServiceProcess): Promise<MetricsPage> {
    const { status, text, headers } = await service.get('/metrics');
    if (status !== 200) throw new Error(`GET /metrics answered ${status}: ${text}`);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return new MetricsPage(text);
  }

  /** The sample with exactly these labels; undefined: there is none. @param name without `alert_threader_` */
  find(name: string, labels: Record<string, string> = {}): number | undefined {
    const full = `alert_threader_${name}`;
    return this.samples.find((one) => one.name === full && isSame(one.labels, labels))?.value;
  }

  /** Samples of one label by its value, those that are 0 left out. */
  by(label: string, name: string, others: Record<string, string> = {}): Record<string, number> {
    const full = `alert_threader_${name}`;
    const found = this.samples.filter(
      ({ name: one, labels, value }) =>
        one === full && value !== 0 && isSame({ ...labels, [label]: '' }, { ...others, [label]: '' }),
    );
    return Object.fromEntries(found.map(({ labels, value }) => [labels[label] ?? '', value]));
  }

  private get samples(): readonly Sample[] {
    return this.families.flatMap(({ samples }) => samples);
  }
}

const sampleOf = (line: string): Sample => {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined) throw new Error(`no sample: ${line}`);
  const read = [...labels.matchAll(LABEL)].map(([, label = '', text = '']) => [label, text] as const);
  return { name, labels: Object.fromEntries(read), value: Number(value) };
};

const isSame = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value);
