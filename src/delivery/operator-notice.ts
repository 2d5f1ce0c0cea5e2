/** Tells the operators something in SLACK_CHANNEL that no alert would tell them. */
export abstract class OperatorNotice {
  /** At most one of the same text in an hour; never rejects. */
  abstract say(text: string): Promise<void>;
}
