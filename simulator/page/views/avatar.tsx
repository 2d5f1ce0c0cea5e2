import type { ReactNode } from 'react';

/** A bell in a rounded square. */
export function AppAvatar({ small = false }: { small?: boolean }): ReactNode {
  return (
    <svg className={`avatar ${small ? 'is-small' : ''}`.trim()} viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" rx="8" fill="#e01e5a" />
      <path
        fill="#fff"
        d="M18 7.5c-4.2 0-7 3-7 7.3v4.3l-2 3.7c-.4.8.1 1.7 1 1.7h16c.9 0 1.4-.9 1-1.7l-2-3.7v-4.3c0-4.3-2.8-7.3-7-7.3zm-2.9 18.6a2.9 2.9 0 0 0 5.8 0z"
      />
    </svg>
  );
}

const COLOURS = ['#2e7d6b', '#3b6fb5', '#8a5a9e', '#a8642a'];

export function PersonAvatar({ name, small = false }: { name: string; small?: boolean }): ReactNode {
  const colour = COLOURS[name.length % COLOURS.length];
  return (
    <svg className={`avatar ${small ? 'is-small' : ''}`.trim()} viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" rx="8" fill={colour} />
      <text x="18" y="24" textAnchor="middle" fontSize="17" fontWeight="600" fill="#fff">
        {name.slice(0, 1).toUpperCase()}
      </text>
    </svg>
  );
}
