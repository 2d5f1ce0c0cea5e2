const JSON_TYPE = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i;

/** Whether a Content-Type header names JSON. A web page can't send it to another site without asking first (CORS). */
export const isJsonType = (header: string | undefined): boolean =>
  header === 'application/json' || (header !== undefined && JSON_TYPE.test(header));
