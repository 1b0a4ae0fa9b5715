import type { IStateDB } from '@jupyterlab/statedb';
import { caretDownIcon } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Menu } from '@lumino/widgets';
import type { ReactElement } from 'react';
import { bookIcon } from '../icons';
import { LakebookWidget } from '../scope';
import { Command, type ILakebook } from '../tokens';
import { takeDrops } from './drop';
import { type Folded, Panel } from './Panel';

const STATE_KEY = 'lakebook:panel';
const FOLDED_AT_FIRST: Folded = { Models: true, Runs: true, Dashboards: true };

/** The sidebar's widget: takes drops and remembers what is folded. */
export class PanelWidget extends LakebookWidget {
  constructor(
    lakebook: ILakebook,
    private readonly state: IStateDB | null,
    private readonly onFiles: (files: File[]) => void,
    private readonly onPaths: (paths: string[]) => void
  ) {
    super(lakebook);
    this.id = 'lakebook-panel';
    this.title.icon = bookIcon;
    this.title.caption = 'lakebook: tables, questions, models';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'lakebook');
    void this.recall();
  }

  toggleDeleted(): void {
    this.showDeleted = !this.showDeleted;
    this.update();
  }

  protected content(): ReactElement {
    return (
      <Panel
        lit={this.lit}
        folded={this.folded}
        showDeleted={this.showDeleted}
        onFold={section => this.fold(section)}
        onMenu={at => this.openMenu(at)}
      />
    );
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.querySelector<HTMLElement>('input[type=search], .lb-empty-zone')?.focus();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.undoDrops = takeDrops(this.node, {
      light: words => {
        if (words !== this.lit) {
          this.lit = words;
          this.update();
        }
      },
      files: this.onFiles,
      paths: this.onPaths
    });
  }

  protected override onBeforeDetach(message: Message): void {
    this.undoDrops();
    super.onBeforeDetach(message);
  }

  private fold(section: string): void {
    this.folded = { ...this.folded, [section]: !(this.folded[section] ?? false) };
    this.update();
    void this.state?.save(STATE_KEY, { ...this.folded });
  }

  private async recall(): Promise<void> {
    const kept = await this.state?.fetch(STATE_KEY);
    if (typeof kept === 'object' && kept !== null && !Array.isArray(kept)) {
      this.folded = { ...FOLDED_AT_FIRST, ...(kept as Folded) };
      this.update();
    }
  }

  private openMenu(at: DOMRect): void {
    const { commands } = this.lakebook;
    const menu = new Menu({ commands });
    menu.title.icon = caretDownIcon;
    for (const command of [Command.load, Command.ask, Command.demo, 'lakebook:toggle-deleted', 'lakebook:settings']) {
      if (commands.hasCommand(command)) {
        menu.addItem({ command });
      }
    }
    menu.aboutToClose.connect(() => window.setTimeout(() => menu.dispose(), 0));
    menu.open(at.left, at.bottom);
  }

  private lit: string | undefined;
  private folded: Folded = FOLDED_AT_FIRST;
  private showDeleted = false;
  private undoDrops: () => void = () => undefined;
}
