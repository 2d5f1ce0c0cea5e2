// Plain Node. Makes test/deploy/helm/schemas of the API descriptions that the Go modules of Kubernetes and of the Prometheus
// Operator carry: JSON schemas of the kinds that the chart renders, strict as a server with `fieldValidation=Strict`, for
// kubeconform, which would download them. And test/deploy/helm/crds, for the API server of the tests.
// Usage: node tools/helm/kubernetes-schemas.mjs (needs Go; downloads some 50 MB). Run it again for a new kind or version.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import prettier from 'prettier';

const VERSION = 'v1.34.4';
const KINDS = {
  'apps/v1': ['Deployment'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  v1: ['ConfigMap', 'PersistentVolumeClaim', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
};
const OPERATOR_VERSION = 'v0.85.0';
const OPERATOR_KINDS = ['prometheusrules', 'servicemonitors'];
const folder = (name) => fileURLToPath(new URL(`../../test/deploy/helm/${name}/`, import.meta.url));
const [SCHEMAS, CRDS] = [folder('schemas'), folder('crds')];
const REF = '#/definitions/';

/** The folder of a Go module. */
const download = (module) =>
  JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { cwd: '/', encoding: 'utf8' })).Dir;
const kubernetes = download(`k8s.io/kubernetes@${VERSION}`);
const { definitions } = JSON.parse(readFileSync(join(kubernetes, 'api/openapi-spec/swagger.json'), 'utf8'));

/** What a value may be, where swagger 2 can't say it. */
const special = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['integer', 'string'] },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['number', 'string'] },
};
const kept = {};
const keep = (name) => {
  if (name in kept) return;
  kept[name] = special[name] ?? {}; // before its parts, since some hold themselves
  if (!(name in special)) kept[name] = strict(definitions[name]);
};
/** Without texts and extensions; no property that is not named. */
const strict = ({ $ref, type, format, items, properties, additionalProperties, required, enum: values }) => {
  if ($ref !== undefined) {
    keep($ref.slice(REF.length));
    return { $ref };
  }
  const parts = properties && Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, strict(part)]));
  return {
    type,
    ...(format === 'date-time' && { format }),
    enum: values,
    required,
    properties: parts,
    additionalProperties: additionalProperties ? strict(additionalProperties) : parts && false,
    items: items && strict(items),
  };
};

const write = async (folder, file, schema) => {
  const text = await prettier.format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
  writeFileSync(join(folder, file), text);
};

for (const folder of [SCHEMAS, CRDS]) mkdirSync(folder, { recursive: true });
for (const [apiVersion, kinds] of Object.entries(KINDS)) {
  const [version, group = ''] = apiVersion.split('/').reverse();
  for (const kind of kinds) {
    const isIt = (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind;
    const found = Object.entries(definitions).find(([, it]) => it['x-kubernetes-group-version-kind']?.some(isIt));
    if (!found) throw new Error(`${apiVersion} ${kind} is not in ${VERSION}`);
    const [name] = found;
    keep(name);
    kept[name].required = ['apiVersion', 'kind', 'metadata'];
    kept[name].properties.apiVersion = { const: apiVersion };
    kept[name].properties.kind = { const: kind };
    const suffix = [group.split('.')[0], version].filter(Boolean).join('-'); // as kubeconform names it
    await write(SCHEMAS, `${kind.toLowerCase()}-${suffix}.json`, { $ref: `definitions.json${REF}${name}` });
  }
}
const source = `k8s.io/kubernetes ${VERSION}, api/openapi-spec/swagger.json, Apache License 2.0; made by tools/helm/kubernetes-schemas.mjs`;
await write(SCHEMAS, 'definitions.json', { $comment: source, definitions: kept });

/** Without the texts, which are nine tenths of it. */
const terse = (part) => {
  if (Array.isArray(part)) return part.map(terse);
  if (part === null || typeof part !== 'object') return part;
  const kept = Object.entries(part).filter(([key, value]) => key !== 'description' || typeof value !== 'string');
  return Object.fromEntries(kept.map(([key, value]) => [key, terse(value)]));
};
/** As JSON schema, with no property that is not named. */
const closed = (part) => {
  if (Array.isArray(part)) return part.map(closed);
  if (part === null || typeof part !== 'object') return part;
  const { 'x-kubernetes-int-or-string': both, ...rest } = part;
  const own = Object.entries(rest).map(([key, value]) => [key, closed(value)]);
  const open = part.properties === undefined || part.additionalProperties !== undefined;
  return {
    ...Object.fromEntries(own),
    ...(both && { type: ['integer', 'string'] }),
    ...(open || { additionalProperties: false }),
  };
};

const operator = download(`github.com/prometheus-operator/prometheus-operator@${OPERATOR_VERSION}`);
for (const plural of OPERATOR_KINDS) {
  const file = join(operator, `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`);
  const crd = terse(load(readFileSync(file, 'utf8')));
  await write(CRDS, `${plural}.json`, crd);
  for (const { name, schema } of crd.spec.versions) {
    const kind = crd.spec.names.kind.toLowerCase();
    const { openAPIV3Schema } = schema;
    const required = ['apiVersion', 'kind', 'metadata', ...openAPIV3Schema.required];
    const $comment = `prometheus-operator ${OPERATOR_VERSION}, Apache License 2.0; made by tools/helm/kubernetes-schemas.mjs`;
    await write(SCHEMAS, `${kind}-${crd.spec.group.split('.')[0]}-${name}.json`, {
      $comment,
      ...closed(openAPIV3Schema),
      required,
    });
  }
}
