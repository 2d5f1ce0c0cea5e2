import { dayWord, formatSlackDate } from './slack-date.js';

/** Puts every time below the element into the reader's zone. */
export function localizeTimes(root: ParentNode): void {
  const now = new Date();
  for (const time of root.querySelectorAll<HTMLTimeElement>('time')) {
    const date = new Date(time.dateTime);
    const unix = Math.floor(date.getTime() / 1000);
    time.title = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeStyle: 'long' }).format(date);
    if (time.dataset.format !== undefined) time.textContent = formatSlackDate(unix, time.dataset.format, now);
    else if (time.dataset.clock !== undefined) time.textContent = formatSlackDate(unix, '{time}', now);
    else time.textContent = dayAndClock(date, now);
  }
}

function dayAndClock(date: Date, now: Date): string {
  const unix = Math.floor(date.getTime() / 1000);
  const day = dayWord(date, now)?.toLowerCase() ?? formatSlackDate(unix, '{date_short}', now);
  return `${day} at ${formatSlackDate(unix, '{time}', now)}`;
}

/** A line with the day's name above the first message of each day. */
export function divideDays(list: HTMLElement): void {
  for (const divider of list.querySelectorAll('.day')) divider.remove();
  let last = '';
  const now = new Date();
  for (const message of list.querySelectorAll<HTMLElement>(':scope > [data-ts]')) {
    const unix = Math.floor(Number(message.dataset.ts));
    const day = new Date(unix * 1000).toDateString();
    if (day !== last) {
      const divider = document.createElement('div');
      divider.className = 'day';
      divider.setAttribute('role', 'separator');
      const label = document.createElement('span');
      label.textContent = formatSlackDate(unix, '{date_long_pretty}', now);
      divider.append(label);
      message.before(divider);
    }
    last = day;
  }
}
