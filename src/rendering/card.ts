import type { KnownBlock } from '@slack/types';
import type { RootFacts } from '../domain/root-facts.js';
import { fieldsSection, notes, plainNote, section, sections } from './blocks.js';
import { date } from './date.js';
import type { Detail } from './detail.js';
import { LIMITS } from './limits.js';
import { escapeLine, escapeText, link, linkTarget, plainLine } from './mrkdwn.js';
import { nameList } from './names.js';
import { resolutionNotes, stateLines, statusLines } from './status-lines.js';
import { IN_ATTACHMENT } from './voice.js';

/** The coloured part of a full card, for an attachment: everything below the header. */
export const cardBlocks = (facts: RootFacts, detail: Detail): KnownBlock[] => [
  ...sections(stateLines(facts, IN_ATTACHMENT)),
  fields(facts, detail),
  ...description(facts.description, detail),
  ...links(facts, detail),
  ...sections(statusLines(facts, IN_ATTACHMENT)),
  ...sections(resolutionNotes(facts.status === 'resolved' ? facts.resolution : null, IN_ATTACHMENT, detail)),
  ...times(facts),
  context(facts, detail),
];

const fields = (facts: RootFacts, detail: Detail): KnownBlock => {
  const instances = nameList(facts.instances, facts.instances.length + facts.moreInstances, detail);
  const value = (raw: string): string => escapeLine(raw, detail.name);
  return fieldsSection(
    [
      // Upper case before escaping: `&amp;` must stay as it is.
      ['Severity', value(facts.severity.slice(0, detail.name * 2).toUpperCase()) || 'UNKNOWN'] as const,
      ['Environment', value(facts.environment)] as const,
      ['Service', value(facts.service)] as const,
      ['Cluster', value(facts.cluster)] as const,
      [facts.instances.length > 1 ? 'Instances' : 'Instance', instances] as const,
      ['Pod', value(facts.pod ?? '')] as const,
    ].flatMap(([name, text]) => (text === '' ? [] : [`*${name}:* ${text}`])),
  );
};

const description = (raw: string, detail: Detail): KnownBlock[] => {
  const text = escapeText(raw, detail.description);
  return text === '' ? [] : [section(`*Description:*\n${text}`)];
};

const links = (facts: RootFacts, detail: Detail): KnownBlock[] => {
  const runbook = link(facts.runbook, 'View Runbook', detail.link);
  const text = runbook ?? (linkTarget(facts.runbook) === 'no-link' ? escapeLine(facts.runbook, detail.name) : '');
  const { dashboard, panel, generator } = detail.sources ? facts.links : {};
  const others = [
    link(dashboard, 'View Dashboard', detail.link),
    link(panel, 'View Panel', detail.link),
    link(generator, 'View Source', detail.link),
  ].filter((markup) => markup !== null);
  const line = others.join(' | ');
  return [
    ...sections(text === '' ? [] : [`*Runbook:* ${text}`]),
    // Small and on one line where they fit: a long Prometheus expression may fill a section of its own.
    ...(line.length <= LIMITS.context ? notes([line]) : sections(others)),
  ];
};

const times = (facts: RootFacts): KnownBlock[] => {
  const { resolution } = facts;
  const ended = facts.status === 'resolved' && resolution !== null ? date(resolution.endsAt ?? resolution.at) : null;
  const started = date(facts.startedAt);
  const parts = [
    ...(started === null ? [] : [`*Started:* ${started}`]),
    ...(ended === null ? [] : [`*Resolved:* ${ended}`]),
  ];
  return sections([parts.join(' | ')]);
};

const context = (facts: RootFacts, detail: Detail): KnownBlock => {
  const parts = [
    ['env', plainLine(facts.environment, detail.name)] as const,
    ['alertname', plainLine(facts.alertname, detail.name)] as const,
  ].flatMap(([name, text]) => (text === '' ? [] : [`${name}=${text}`]));
  return plainNote(parts.join(' | ') || 'Alert Threader');
};
