import type { ReactElement } from 'react';
import { LakebookWidget } from '../scope';
import type { ILakebook } from '../tokens';
import { FilePage } from './FilePage';

/** Shows the rows of a file of the Lab where it lies. */
export class FileWidget extends LakebookWidget {
  constructor(
    lakebook: ILakebook,
    private readonly path: string
  ) {
    super(lakebook);
    this.addClass('lb-main');
  }

  protected content(): ReactElement {
    return <FilePage path={this.path} />;
  }
}
