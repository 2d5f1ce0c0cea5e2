import type { Credentials } from './authorization.js';

/**
 * What is wrong with the token that a request should have brought, and what to send. It tells nothing that the sender does
 * not know: what was sent, and the variable's name.
 * @param given what could be read of the header, in a form that is taken
 * @param how such as `as "Authorization: Bearer …"`
 */
export const tokenRefusal = (
  variable: string,
  header: string | undefined,
  given: Credentials | undefined,
  how: string,
): string => {
  const fault =
    header === undefined
      ? 'no token was sent'
      : given === undefined
        ? 'the Authorization header has another form'
        : 'the token that was sent is another one';
  return `${fault}: send the value of ${variable} ${how}`;
};
