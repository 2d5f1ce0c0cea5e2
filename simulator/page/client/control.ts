/** How something ended that a person did. */
export interface Outcome {
  ok: boolean;
  /** Why it could not be done at all. */
  error?: string;
  acknowledged?: boolean;
}

/** Does it in the person's name: `click`, `react`, `views/V…/submit`. Never rejects. */
export async function act(person: string, what: string, body: object = {}): Promise<Outcome> {
  try {
    const answer = await fetch(`/control/people/${encodeURIComponent(person)}/${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Outcome;
  } catch {
    return { ok: false, error: 'The simulator cannot be reached.' };
  }
}
