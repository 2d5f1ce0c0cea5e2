import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

export const ROOT = join(__dirname, '../../..');

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

export interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly container?: { readonly image: string };
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export const WORKFLOWS = ['ci.yml', 'nightly.yml', 'release.yml'] as const;

export const pathOf = (name: string): string => join(ROOT, '.github/workflows', name);
export const readWorkflow = (name: string): Workflow => load(readFileSync(pathOf(name), 'utf8')) as Workflow;
export const stepsOf = ({ jobs }: Workflow): Step[] => Object.values(jobs).flatMap(({ steps = [] }) => steps);

/** The commands of a step, by its name. Throws where there is none. */
export const commandsOf = (workflow: Workflow, name: string): string => {
  const run = stepsOf(workflow).find((step) => step.name === name)?.run;
  if (run === undefined) throw new Error(`no step ${name} with commands`);
  return run;
};
