import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ABCWidgetFactory, DocumentWidget, type DocumentRegistry } from '@jupyterlab/docregistry';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { bookIcon } from '../icons';
import { ILakebook } from '../tokens';
import { FileWidget } from '../viewer/widget';

const FILE_TYPES: readonly Partial<DocumentRegistry.IFileType>[] = [
  { name: 'lakebook-parquet', displayName: 'Parquet file', extensions: ['.parquet'], fileFormat: 'base64', contentType: 'file' },
  { name: 'lakebook-jsonl', displayName: 'JSON lines file', extensions: ['.jsonl', '.ndjson'], contentType: 'file' }
];

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
    return new DocumentWidget({ content, context });
  }
}

/** Opens data files as tables, from Open With. */
export const viewer: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:viewer',
  description: 'Opens CSV, JSON lines and Parquet files as profiled tables.',
  autoStart: true,
  requires: [ILakebook],
  optional: [ISettingRegistry],
  activate: async (app: JupyterFrontEnd, lakebook: ILakebook, registry: ISettingRegistry | null) => {
    FILE_TYPES.forEach(type => app.docRegistry.addFileType(type));
    const settings = await registry?.load('lakebook:viewer');
    const fileTypes = ['csv', 'tsv', ...FILE_TYPES.map(type => type.name ?? '')];
    const isDefault = settings?.get('isDefault').composite === true;
    app.docRegistry.addWidgetFactory(
      new Factory(lakebook, path => app.serviceManager.contents.localPath(path), {
        name: 'lakebook',
        label: 'lakebook',
        modelName: 'base64',
        fileTypes,
        defaultFor: isDefault ? fileTypes : [],
        readOnly: true
      })
    );
  }
};
