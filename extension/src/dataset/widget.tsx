import type { ReactElement } from 'react';
import { bookIcon } from '../icons';
import { LakebookWidget } from '../scope';
import type { ILakebook } from '../tokens';
import { DatasetPage } from './DatasetPage';

/** A table's page as a widget of the main area. */
export class DatasetWidget extends LakebookWidget {
  constructor(
    lakebook: ILakebook,
    readonly datasetId: string,
    name: string,
    private readonly tab: string
  ) {
    super(lakebook);
    this.addClass('lb-main');
    this.title.icon = bookIcon;
    this.title.closable = true;
    this.setName(name);
  }

  protected content(): ReactElement {
    return <DatasetPage key={this.tab} id={this.datasetId} tab={this.tab} onName={name => this.setName(name)} />;
  }

  private setName(name: string): void {
    this.title.label = name;
    this.title.caption = `lakebook: ${name}`;
  }
}
