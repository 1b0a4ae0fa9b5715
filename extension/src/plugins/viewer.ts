import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ABCWidgetFactory, Base64ModelFactory, DocumentWidget, type DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IDisposable } from '@lumino/disposable';
import { bookIcon } from '../icons';
import { ILakebook } from '../tokens';
import { FileWidget } from '../viewer/widget';

const FILE_TYPES: readonly Partial<DocumentRegistry.IFileType>[] = [
  { name: 'lakebook-parquet', displayName: 'Parquet file', extensions: ['.parquet'], fileFormat: 'base64', contentType: 'file' },
  { name: 'jsonl', displayName: 'JSON lines file', extensions: ['.jsonl', '.ndjson'], contentType: 'file' }
];

const UNREAD = 'lakebook-unread';
/** The names under which the Lab's own viewers of such files are registered. */
const LABS_OWN: ReadonlySet<string> = new Set(['csvtable', 'tsvtable', 'jsonlines']);

/** A model of a file whose content stays where it is: it may be larger than a browser can hold. */
class UnreadModelFactory extends Base64ModelFactory {
  override get name(): string {
    return UNREAD;
  }

  override get fileFormat(): Contents.FileFormat {
    return null;
  }
}

class Factory extends ABCWidgetFactory<DocumentWidget<FileWidget>> {
  constructor(
    private readonly lakebook: ILakebook,
    private readonly localPath: (path: string) => string,
    options: DocumentRegistry.IWidgetFactoryOptions<DocumentWidget<FileWidget>>
  ) {
    super(options);
  }

  protected createNewWidget(context: DocumentRegistry.Context): DocumentWidget<FileWidget> {
    const content = new FileWidget(this.lakebook, this.localPath(context.path));
    content.title.icon = bookIcon;
    const widget = new DocumentWidget({ content, context });
    widget.toolbar.hide();
    return widget;
  }
}

/** Opens data files as tables: by a double click, or from Open With. */
export const viewer: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:viewer',
  description: 'Shows CSV, JSON lines and Parquet files of any size as tables.',
  autoStart: true,
  requires: [ILakebook],
  optional: [ISettingRegistry],
  activate: async (app: JupyterFrontEnd, lakebook: ILakebook, registry: ISettingRegistry | null) => {
    const { docRegistry } = app;
    const known = ['csv', 'tsv', 'jsonl'].filter(type => docRegistry.getFileType(type));
    const missing = FILE_TYPES.filter(({ name }) => !known.includes(name ?? ''));
    missing.forEach(type => docRegistry.addFileType(type));
    const settings = await registry?.load('lakebook:viewer');
    const fileTypes = [...known, ...missing.map(type => type.name ?? '')];
    const isDefault = settings?.get('isDefault').composite !== false;
    docRegistry.addModelFactory(new UnreadModelFactory());
    const add = (): IDisposable =>
      docRegistry.addWidgetFactory(
        new Factory(lakebook, path => app.serviceManager.contents.localPath(path), {
          name: 'lakebook',
          label: 'lakebook',
          modelName: UNREAD,
          fileTypes,
          defaultFor: isDefault ? fileTypes : [],
          readOnly: true
        })
      );
    let added = add();
    if (isDefault) {
      // Who registers last opens the files: the Lab's own viewer may come after this one, or before.
      docRegistry.changed.connect((_, { type, name, change }) => {
        if (type === 'widgetFactory' && change === 'added' && LABS_OWN.has(name ?? '')) {
          added.dispose();
          added = add();
        }
      });
    }
  }
};
