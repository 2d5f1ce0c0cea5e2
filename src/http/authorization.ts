const SCHEME = /^(bearer|basic) +(\S+) *$/i;

export interface Credentials {
  readonly scheme: 'bearer' | 'basic';
  /** The token, or the password of basic authentication. */
  readonly secret: string;
}

/** Reads an Authorization header (RFC 6750, RFC 7617). */
export const parseAuthorization = (header: string | undefined): Credentials | undefined => {
  const match = header === undefined ? null : SCHEME.exec(header);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  if (match[1].toLowerCase() === 'bearer') return { scheme: 'bearer', secret: match[2] };
  const userAndPassword = Buffer.from(match[2], 'base64').toString('utf8');
  const colon = userAndPassword.indexOf(':');
  return colon === -1 ? undefined : { scheme: 'basic', secret: userAndPassword.slice(colon + 1) };
};
