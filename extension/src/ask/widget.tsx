import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ReactElement } from 'react';
import { bookIcon } from '../icons';
import { LakebookWidget } from '../scope';
import type { ILakebook } from '../tokens';
import { type Asked, AskPage } from './AskPage';

/** The ask page as a widget of the main area. */
export class AskWidget extends LakebookWidget {
  constructor(
    lakebook: ILakebook,
    private readonly registry: IRenderMimeRegistry | null
  ) {
    super(lakebook);
    this.addClass('lb-main');
    this.title.icon = bookIcon;
    this.title.label = 'Ask';
    this.title.caption = 'lakebook: ask a question of your tables';
    this.title.closable = true;
  }

  /** Asks a question here; with an empty one it only takes the focus. */
  ask(question: string, dataset: string): void {
    this.asked = { serial: this.asked.serial + 1, question, dataset };
    this.update();
  }

  protected content(): ReactElement {
    return <AskPage asked={this.asked} registry={this.registry} />;
  }

  private asked: Asked = { serial: 0, question: '', dataset: '' };
}
