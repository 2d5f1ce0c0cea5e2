// node tools/release/release.mjs check v1.2.3   prints 1.2.3 where all that names the version agrees with the tag
// node tools/release/release.mjs notes v1.2.3   prints that version's part of CHANGELOG.md
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The part of a version, whose heading may name a date behind it, without that heading. */
const notesOf = (version) => {
  const parts = read('CHANGELOG.md').split(/^## +/m).slice(1);
  const part = parts.find((text) => text.split(/[\s,(]/, 1)[0] === version);
  return part?.slice(part.indexOf('\n')).trim();
};

const faultsOf = (version) => {
  const lock = JSON.parse(read('package-lock.json'));
  const chart = load(read('helm/alert-threader/Chart.yaml'));
  const named = {
    'version of package.json': JSON.parse(read('package.json')).version,
    'version of package-lock.json': lock.version,
    "version of package-lock.json's own package": lock.packages[''].version,
    'version of helm/alert-threader/Chart.yaml': chart.version,
    'appVersion of helm/alert-threader/Chart.yaml': chart.appVersion,
  };
  return [
    ...Object.entries(named).flatMap(([what, is]) => (is === version ? [] : [`${what} is ${is}, expected ${version}`])),
    ...(notesOf(version) ? [] : [`CHANGELOG.md has nothing under "## ${version}": give "## Unreleased" that name`]),
  ];
};

const [command, tag = ''] = process.argv.slice(2);
const [, version] = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(tag) ?? [];
const fail = (...lines) => {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
};
if (!['check', 'notes'].includes(command)) fail('usage: node tools/release/release.mjs check|notes v1.2.3');
if (version === undefined) fail(`the tag ${JSON.stringify(tag)} is no version: expected v1.2.3 or v1.2.3-rc.1`);
const faults = faultsOf(version);
if (faults.length > 0) fail(...faults);
process.stdout.write(`${command === 'check' ? version : notesOf(version)}\n`);
