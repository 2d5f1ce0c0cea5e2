// Plain Node. Makes test/helm/schemas of the API description that Kubernetes' own Go module carries: JSON schemas of the
// kinds that the chart renders, strict as a server with `fieldValidation=Strict`, for kubeconform, which would download them.
// Usage: node tools/helm/kubernetes-schemas.mjs (needs Go; downloads some 40 MB). Run it again for a new kind or version.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';

const VERSION = 'v1.34.4';
const KINDS = {
  'apps/v1': ['Deployment'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  v1: ['ConfigMap', 'PersistentVolumeClaim', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
};
const FOLDER = fileURLToPath(new URL('../../test/helm/schemas/', import.meta.url));
const REF = '#/definitions/';

const download = JSON.parse(
  execFileSync('go', ['mod', 'download', '-json', `k8s.io/kubernetes@${VERSION}`], { cwd: '/' }),
);
const { definitions } = JSON.parse(readFileSync(join(download.Dir, 'api/openapi-spec/swagger.json'), 'utf8'));

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

const write = async (file, schema) => {
  const text = await prettier.format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
  writeFileSync(join(FOLDER, file), text);
};

mkdirSync(FOLDER, { recursive: true });
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
    await write(`${kind.toLowerCase()}-${suffix}.json`, { $ref: `definitions.json${REF}${name}` });
  }
}
const source = `k8s.io/kubernetes ${VERSION}, api/openapi-spec/swagger.json, Apache License 2.0; made by tools/helm/kubernetes-schemas.mjs`;
await write('definitions.json', { $comment: source, definitions: kept });
