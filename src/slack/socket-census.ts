/** How many sockets the other processes of this deployment have: Slack counts those as well. */
export abstract class SocketCensus {
  /** This process has so many from now on. Never rejects. */
  abstract tell(own: number): void;

  /** Sockets of the others, those that are just closing included; undefined: they can't be asked. */
  abstract others(): Promise<number | undefined>;

  /** This process is closing its sockets. */
  abstract leave(): Promise<void>;
}
