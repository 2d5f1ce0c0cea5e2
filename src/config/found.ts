const MAX_FOUND = 80;
const NOT_SHOWN = 'a value not shown here';

/** What a variable holds, for people; never a token or a password, nor an address that may hold one. */
export const found = (variable: string, text: string | undefined): string => {
  if (text === undefined) return 'nothing';
  if (/_(TOKEN|PASSWORD)$/.test(variable)) return NOT_SHOWN;
  if (variable.endsWith('_URL') && /[@?#]/.test(text)) return NOT_SHOWN;
  return JSON.stringify(text.length > MAX_FOUND ? `${text.slice(0, MAX_FOUND)}…` : text);
};
