import type { Person } from '../../simulator/people/person.js';
import type { Simulator } from '../../simulator/simulator.js';
import { messageText } from '../../simulator/workspace/as-text.js';
import type { Message } from '../../simulator/workspace/message.js';
import type { IncidentView } from '../../src/incidents/incident-view.js';
import { CHANNEL, titleOf } from './slack-channel.js';

type Act = 'ack' | 'unack';

interface Press {
  readonly title: string;
  readonly person: Person;
  readonly act: Act;
  /** Whether the person saw it work: false, a warning sign. Undefined: not known yet. */
  acknowledged?: boolean;
}

const BUTTON = { ack: 'incident_ack', unack: 'incident_unack' } as const;
const ENTRY = { ack: 'acknowledged', unack: 'unacknowledged' } as const;
/** How a whisper names what could not be saved when it does not know the incident. */
const UNSAVED = 'could not be saved';
/** Told beside the outcome. */
const LATE = 'It took longer than usual';

/**
 * People who press Ack and Unack, each thread's own person: what they pressed, and what came of it. The outcome of a
 * press is an entry of the incident's timeline, which the thread tells, or a word to that person about that thread.
 */
export class AckClicks {
  private readonly presses: Press[] = [];
  private readonly people: readonly Person[];

  constructor(private readonly simulator: Simulator) {
    this.people = ['alice', 'bob', 'jihye', 'marco'].map((name) => simulator.person(name));
  }

  get counts(): { clicks: number; acknowledged: number } {
    const acknowledged = this.presses.filter((press) => press.acknowledged === true).length;
    return { clicks: this.presses.length, acknowledged };
  }

  /** Presses what the root of this title offers, Ack or Unack; false: neither. Resolves when the person knows. */
  async press(title: string): Promise<boolean> {
    const root = this.rootOf(title);
    const act = root && offered(root);
    if (root === undefined || act === undefined) return false;
    const press: Press = { title, person: this.personOf(title), act };
    this.presses.push(press);
    press.acknowledged = (await press.person.clicks(root, BUTTON[act])).acknowledged;
    return true;
  }

  /** A line for each thread in which an acknowledged press has no outcome, or one press has two. */
  wrong(incidents: readonly IncidentView[]): string[] {
    return [...new Set(this.presses.map(({ title }) => title))].flatMap((title) => {
      const person = this.personOf(title);
      const incident = incidents.find((one) => one.title === title);
      const pressed = this.presses.filter((press) => press.title === title);
      const entries = (incident?.timeline ?? []).filter(({ by }) => by?.id === person.id);
      const acknowledged = pressed.filter((press) => press.acknowledged === true).length;
      const told = this.whispers(person).filter((text) => text.includes(`“${title}”`)).length;
      const unsaved = this.whispers(person).filter((text) => text.includes(UNSAVED)).length;
      const found = `${entries.length} entries, ${told} words, ${unsaved} not saved`;
      const faults: string[] = [];
      if (entries.length + told + unsaved < acknowledged) faults.push(`${acknowledged} acknowledged clicks: ${found}`);
      if (entries.length > pressed.length) faults.push(`${pressed.length} clicks: ${found}`);
      for (const act of ['ack', 'unack'] as const) {
        const inTimeline = entries.filter(({ kind }) => kind === ENTRY[act]).length;
        const shown = this.shown(title, act, person);
        // what was not shown yet when the last alert resolved is part of the card
        if (shown > inTimeline || (incident?.status !== 'resolved' && shown < inTimeline)) {
          faults.push(`${act} is ${inTimeline} times in the timeline, ${shown} times in the thread`);
        }
      }
      return faults.map((fault) => `${title}: ${fault}`);
    });
  }

  /** How often the thread tells that this person did it. */
  private shown(title: string, act: Act, { id }: Person): number {
    const root = this.rootOf(title);
    const replies = root === undefined ? [] : this.simulator.workspace.replies(CHANNEL, root.ts);
    const word = act === 'ack' ? 'Acknowledged' : 'Unacknowledged';
    return replies
      .filter((reply) => !reply.deleted)
      .flatMap((reply) => messageText(reply).match(new RegExp(`\\b${word}\\*? by <@${id}>`, 'g')) ?? []).length;
  }

  private rootOf(title: string): Message | undefined {
    const { workspace } = this.simulator;
    return workspace.messages(CHANNEL).find((message) => !message.deleted && titleOf(message).endsWith(` ${title}`));
  }

  /** Each title, by the number in it, has one person, so that nobody is told about another's click. */
  private personOf(title: string): Person {
    const person = this.people[Number(/\d+/.exec(title)?.[0]) % this.people.length];
    if (person === undefined) throw new Error('nobody is there');
    return person;
  }

  private whispers(person: Person): string[] {
    return person.ephemerals.map(({ text }) => text).filter((text) => !text.includes(LATE));
  }
}

const offered = (root: Message): Act | undefined => {
  const blocks = JSON.stringify(root.blocks);
  return blocks.includes(`"${BUTTON.ack}"`) ? 'ack' : blocks.includes(`"${BUTTON.unack}"`) ? 'unack' : undefined;
};
