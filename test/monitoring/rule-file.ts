import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { RULE_TESTS, RULES } from './promtool.js';

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

interface RuleTest {
  readonly alertname: string;
  readonly exp_alerts: readonly unknown[];
}

export interface RuleTestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  readonly tests: readonly { readonly name: string; readonly alert_rule_test?: readonly RuleTest[] }[];
}

export const readRules = (): RuleFile => load(readFileSync(RULES, 'utf8')) as RuleFile;
export const allRules = (): Rule[] => readRules().groups.flatMap(({ rules }) => rules);
export const readRuleTests = (): RuleTestFile => load(readFileSync(RULE_TESTS, 'utf8')) as RuleTestFile;

/** The tests of one alert alone, for a file of rules beside. */
export const testsOf = (alert: string, rules: string): RuleTestFile => {
  const all = readRuleTests();
  const tests = all.tests.flatMap(({ alert_rule_test: asked = [], ...test }) => {
    const own = asked.filter(({ alertname }) => alertname === alert);
    return own.length === 0 ? [] : [{ ...test, promql_expr_test: [], alert_rule_test: own }];
  });
  return { ...all, rule_files: [rules], tests };
};
