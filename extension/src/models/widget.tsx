import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ReactElement } from 'react';
import { bookIcon } from '../icons';
import { LakebookWidget } from '../scope';
import type { ILakebook } from '../tokens';
import { ModelPage } from './ModelPage';

/** A model's page as a widget of the main area; `version` 0 is the champion. */
export class ModelWidget extends LakebookWidget {
  constructor(
    lakebook: ILakebook,
    private readonly registry: IRenderMimeRegistry | null,
    readonly model: string,
    private version = 0
  ) {
    super(lakebook);
    this.addClass('lb-main');
    this.title.icon = bookIcon;
    this.title.label = model;
    this.title.caption = `lakebook: the model ${model}`;
    this.title.closable = true;
  }

  /** Shows another version of the same model. */
  turnTo(version: number): void {
    this.version = version;
    this.update();
  }

  protected content(): ReactElement {
    return <ModelPage key={this.version} name={this.model} version={this.version} registry={this.registry} />;
  }
}
