/** How every refusal and failure is answered. */
export interface ErrorAnswer {
  readonly ok: false;
  /** What is wrong and where. */
  readonly error: string;
  readonly statusCode: number;
}

export const errorAnswer = (statusCode: number, error: string): ErrorAnswer => ({ ok: false, error, statusCode });
