export type TextType = 'plain_text' | 'mrkdwn';

interface RuleBase {
  required?: true;
}

/** What one field may hold. Lengths are UTF-16 units, the stricter of the readings of Slack's "characters". */
export type Rule = RuleBase &
  (
    | { kind: 'text'; types: readonly TextType[]; max: number }
    | { kind: 'string'; max?: number; min?: number; oneOf?: readonly string[]; url?: true }
    | { kind: 'boolean' }
    | { kind: 'integer' }
    | { kind: 'list'; of: Rule; min?: number; max: number }
    /** An object whose `type` names one of these elements. */
    | { kind: 'element'; of: readonly string[] }
    | { kind: 'object'; shape: Shape }
    /** Known to Slack, not looked into here. */
    | { kind: 'anything' }
  );

export interface Shape {
  fields: Readonly<Record<string, Rule>>;
  /** At least one of these has to be there. */
  oneOf?: readonly string[];
  /** Do `action_id`s have to differ within it? */
  uniqueActions?: true;
}

export const PLAIN: readonly TextType[] = ['plain_text'];
export const ANY_TEXT: readonly TextType[] = ['plain_text', 'mrkdwn'];

export const required = (rule: Rule): Rule => ({ ...rule, required: true });
export const plain = (max: number): Rule => ({ kind: 'text', types: PLAIN, max });
export const anyText = (max: number): Rule => ({ kind: 'text', types: ANY_TEXT, max });
export const string = (max: number, min = 0): Rule => ({ kind: 'string', max, min });
export const url = (max: number): Rule => ({ kind: 'string', max, min: 1, url: true });
export const oneOf = (...values: string[]): Rule => ({ kind: 'string', oneOf: values });
export const list = (of: Rule, max: number, min = 1): Rule => ({ kind: 'list', of, max, min });
export const element = (...of: string[]): Rule => ({ kind: 'element', of });
export const object = (shape: Shape): Rule => ({ kind: 'object', shape });
export const boolean: Rule = { kind: 'boolean' };
export const integer: Rule = { kind: 'integer' };
export const anything: Rule = { kind: 'anything' };
