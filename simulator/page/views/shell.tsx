import type { ReactNode } from 'react';
import { BOT } from '../../workspace/user.js';
import type { Workspace } from '../../workspace/workspace.js';
import { AppAvatar } from './avatar.js';
import { namesOf } from './names.js';
import { PersonSwitch } from './person-switch.js';
import { ReactionPicker } from './reaction-picker.js';

/** The page before anything is in it. The script fills channel list, messages, thread, home and modals. */
export function Shell({ apiUrl, workspace }: { apiUrl: string; workspace: Workspace }): ReactNode {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Slack simulator</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/blocks.css" />
        {['page', 'channel-list', 'messages', 'controls', 'views', 'narrow'].map((name) => (
          <link key={name} rel="stylesheet" href={`/assets/${name}.css`} />
        ))}
        <script type="module" src="/assets/app.js" />
      </head>
      <body>
        {/* slack-blocks-to-jsx scopes its styles to this id. */}
        <div id="slack_blocks_to_jsx" className="app">
          <a className="skip" href="#messages">
            Skip to messages
          </a>
          <nav className="sidebar" id="sidebar" aria-label="Channels">
            <div className="workspace">
              <strong>Simulator</strong>
              <span>a local Slack</span>
            </div>
            <h2>Channels</h2>
            <ul id="channels" />
            <h2>Apps</h2>
            <ul>
              <li>
                <a href="#/home" id="home-link" data-testid="home-link">
                  <AppAvatar small />
                  <span className="name">{BOT.name}</span>
                </a>
              </li>
            </ul>
          </nav>
          <div className="scrim" id="scrim" />
          <Channel apiUrl={apiUrl} workspace={workspace} />
          <Thread />
          <dialog className="modal" id="modal" data-testid="modal" />
          <ReactionPicker names={namesOf(workspace)} />
          <div className="toasts" id="toasts" role="status" />
        </div>
        <noscript>This page needs JavaScript.</noscript>
      </body>
    </html>
  );
}

function Channel({ apiUrl, workspace }: { apiUrl: string; workspace: Workspace }): ReactNode {
  return (
    <main className="channel" aria-labelledby="channel-name">
      <header className="bar-top">
        <button type="button" className="icon menu-button" id="menu" aria-controls="sidebar" aria-expanded="false">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M3 5h14M3 10h14M3 15h14" />
          </svg>
          <span className="hidden-label">Channels</span>
        </button>
        <div className="titles">
          <h1 id="channel-name">&nbsp;</h1>
          <p id="channel-topic" />
        </div>
        <span className="connection" id="connection" data-testid="connection" data-state="connecting" role="status">
          connecting
        </span>
        <PersonSwitch workspace={workspace} />
      </header>
      <div className="messages" id="messages" role="log" aria-label="Messages" tabIndex={0}>
        <div id="channel-view" />
        <div className="empty" id="empty" hidden>
          <p className="empty-title">No messages yet…</p>
          <p id="empty-hint">Whatever is posted to this channel appears here by itself.</p>
        </div>
      </div>
      <div className="messages home" id="home" data-testid="home" role="region" aria-label="Home" hidden>
        <div id="home-view" />
        <div className="empty" id="home-empty">
          <p className="empty-title">Nothing at home yet</p>
          <p>What the app publishes for you with views.publish appears here by itself.</p>
        </div>
      </div>
      <footer className="only-apps">
        <span className="sockets" id="sockets" data-testid="sockets" data-connections="0" role="status">
          No app is connected
        </span>
        <span>
          Only apps post here, at <code>{apiUrl}</code>
        </span>
      </footer>
    </main>
  );
}

/** On the right; on a phone it covers the channel. */
function Thread(): ReactNode {
  return (
    <aside className="thread" id="thread" data-testid="thread-pane" aria-labelledby="thread-name" hidden>
      <header className="bar-top">
        <button type="button" className="icon back" id="back">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M12.5 4.5 7 10l5.5 5.5" />
          </svg>
          <span className="hidden-label">Back to the channel</span>
        </button>
        <div className="titles">
          <h2 id="thread-name" tabIndex={-1}>
            Thread
          </h2>
          <p id="thread-channel" />
        </div>
        <button type="button" className="icon close" id="close">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="m5 5 10 10M15 5 5 15" />
          </svg>
          <span className="hidden-label">Close the thread</span>
        </button>
      </header>
      <div className="messages" id="thread-messages" role="log" aria-label="Replies" tabIndex={0}>
        <div id="thread-view" />
      </div>
    </aside>
  );
}
