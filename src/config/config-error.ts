export interface ConfigFault {
  readonly variable: string;
  readonly expects: string;
  /** What the variable holds; never a token. */
  readonly found: string;
}

/** The environment can't be used. The message lists every fault, one a line. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(({ variable, expects, found }) => `  ${variable}: expected ${expects}; found ${found}`);
    super(`the environment has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}
