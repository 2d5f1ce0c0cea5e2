/** Loads a fragment; when something changes while it is on its way, loads it again. */
export class ViewLoader {
  private wanted = '';
  private isLoading = false;
  /** Grows with every reason to load. */
  private asked = 0;

  constructor(private readonly show: (html: string | undefined, path: string) => void) {}

  load(path: string): void {
    this.wanted = path;
    this.asked += 1;
    if (!this.isLoading) void this.run();
  }

  /** True when a change has to wait for the fragment that is on its way. */
  noteChange(): boolean {
    if (this.isLoading) this.asked += 1;
    return this.isLoading;
  }

  private async run(): Promise<void> {
    this.isLoading = true;
    for (let loaded = 0; loaded !== this.asked;) {
      const asked = this.asked;
      const path = this.wanted;
      const html = await fetchText(path);
      if (asked === this.asked) this.show(html, path);
      loaded = asked;
    }
    this.isLoading = false;
  }
}

/** Undefined when it is not there, or the simulator is not: the stream's return loads everything again. */
async function fetchText(path: string): Promise<string | undefined> {
  try {
    const answer = await fetch(path);
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}
