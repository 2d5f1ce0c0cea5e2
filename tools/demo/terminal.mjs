const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const styled = (code) => (text) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = styled(1);
export const dim = styled(2);

export function say(...lines) {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
