/**
 * How much memory, time and connections requests may take, in one place. docs/security.md tells the same figures.
 *
 * Chosen for the chart's pod: 512 MiB, of which 384 MiB are the JavaScript heap. The idle service takes 135 MiB; under the
 * attacks of test/e2e/bodies.spec.ts it reached 320 MiB, and 1,500 MiB or the end of the process without these limits.
 */
const KB = 1_024;
export const MB = 1_048_576;

/** Request bodies in flight over all connections of the process, in bytes: those that arrive and those being handled. */
export const BODY_BUDGET_BYTES = 32 * MB;

/**
 * How full a body of a certain size may make the budget, in bytes; the smallest first. Larger bodies leave room for smaller
 * ones. A body of 8 kB is about ten alerts; one for each of MAX_CONNECTIONS takes the 8 MB that larger bodies leave, so it
 * always finds room. Above 1 MB there is room for two of the largest.
 */
export const BODY_SHARES = [
  { upTo: 8 * KB, share: BODY_BUDGET_BYTES },
  { upTo: MB, share: 24 * MB },
  { upTo: Infinity, share: 20 * MB },
] as const;

/**
 * A body that has been arriving for so long gives way to another one that finds no room, in milliseconds. A sender in the
 * same cluster needs 1 ms for 100 alerts, and 100 ms for 10 MB.
 */
export const GIVES_WAY_AFTER_MS = 250;

/** A body has to arrive within this time after its headers, in milliseconds. 10 MB need 8 Mbit a second. */
export const BODY_TIME_MS = 10_000;

/** Retry-After of what is refused for load, in seconds: what holds the room has given way by then. */
export const BUSY_RETRY_AFTER_S = 1;

/** A body may come in so many chunks of any size. */
export const FREE_CHUNKS = 1_000;
/** Beyond FREE_CHUNKS: bytes of a chunk on average. A chunk costs Node 1 µs, so one-byte chunks cost 10 s for 10 MB. */
export const MIN_CHUNK_BYTES = 64;

/** Levels of nesting in a JSON body. Alertmanager's webhook has 4. JSON.parse takes 1.5 s for 10 MB of brackets. */
export const MAX_JSON_DEPTH = 64;
/**
 * Commas and opening brackets in a JSON body. 10 MB of Alertmanager's webhooks have 400,000, which JSON.parse makes 12 MB
 * of objects from. 10 MB of `{},` have 7 million: 210 MB of objects.
 */
export const MAX_JSON_VALUES = 1_000_000;

/**
 * Open connections; 1,024 that say nothing add 80 MiB. Not less, because Alertmanager opens one for each group that it
 * sends at the same moment, up to 1,000 of them.
 */
export const MAX_CONNECTIONS = 1_024;

/**
 * Requests that may wait on one connection for the answer to the request before (HTTP pipelining). Alertmanager, Grafana,
 * Prometheus and Kubernetes' probes send none.
 */
export const MAX_PIPELINED = 1;

/**
 * Times of Node's HTTP server, in milliseconds. They end what the limits above do not see: connections that say nothing,
 * slow headers, refused bodies that do not end. Node answers 408 and closes the connection.
 */
export const SERVER_TIMES = {
  /** To the end of the headers, from the connection or from the request's first byte. */
  headersTimeout: 20_000,
  /** To the end of the body, from the request's first byte. More than headersTimeout and BODY_TIME_MS together. */
  requestTimeout: 40_000,
  /** Without a request after an answer. Node's own default. */
  keepAliveTimeout: 5_000,
  /** How often Node looks at the first two; 30 s by default. Node reads it when the server begins to listen. */
  connectionsCheckingInterval: 2_000,
} as const;
