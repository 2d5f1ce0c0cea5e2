import { namesWithin } from './alert-names.js';

type Labels = Record<string, string>;

const named = (...alerts: Labels[]): string[] => {
  const all = alerts.map((labels) => ({ labels: { alertname: 'X', severity: 'critical', ...labels } }));
  return all.map(namesWithin(all));
};

const ksm = { instance: '10.0.0.1:8080', job: 'kube-state-metrics' };

it.each<[string, Labels[], string[]]>([
  ['one alert: its instance', [{ ...ksm, pod: 'cart-0' }], ['10.0.0.1:8080']],
  ['one alert without an instance: what it is about', [{ pod: 'cart-0', job: 'x' }], ['cart-0']],
  [
    'each its own instance',
    [
      { instance: 'db01', device: 'sda' },
      { instance: 'db02', device: 'sdb' },
    ],
    ['db01', 'db02'],
  ],
  [
    'pods that one exporter reports',
    [
      { ...ksm, namespace: 'a', pod: 'cart-0', uid: '1' },
      { ...ksm, namespace: 'a', pod: 'cart-1', uid: '2' },
    ],
    ['cart-0', 'cart-1'],
  ],
  [
    'pods that a restarted exporter reports again, beside those that it reported before',
    [
      { ...ksm, pod: 'cart-0' },
      { ...ksm, pod: 'cart-1' },
      { ...ksm, instance: '10.0.0.9:8080', pod: 'cart-0' },
    ],
    ['cart-0', 'cart-1', 'cart-0'],
  ],
  [
    'nodes, though the exporter has a pod',
    [
      { ...ksm, pod: 'ksm', node: 'n1' },
      { ...ksm, pod: 'ksm', node: 'n2' },
    ],
    ['n1', 'n2'],
  ],
  [
    'disks of several machines',
    [
      { instance: 'db01', device: 'sda', pod: 'exporter-1' },
      { instance: 'db01', device: 'sdb', pod: 'exporter-1' },
      { instance: 'db02', device: 'sda', pod: 'exporter-2' },
    ],
    ['db01 sda', 'db01 sdb', 'db02 sda'],
  ],
  [
    'the first other label that differs',
    [
      { zone: 'x', queue: 'orders', a: '1' },
      { zone: 'y', queue: 'mails', a: '1' },
    ],
    ['orders', 'mails'],
  ],
  ['an alert without that label', [{ ...ksm, pod: 'cart-0' }, { ...ksm }], ['cart-0', '10.0.0.1:8080']],
  [
    'two Prometheis that report one alert',
    [
      { instance: 'db01', prometheus: 'a', prometheus_replica: 'a-0', severity: 'warning' },
      { instance: 'db01', prometheus: 'b', prometheus_replica: 'b-0' },
    ],
    ['db01', 'db01'],
  ],
])('%s', (_name, alerts, names) => {
  expect(named(...alerts)).toEqual(names);
});
