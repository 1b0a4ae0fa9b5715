import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { DatasetDetail } from '../api/model';
import { TextButton } from '../parts/buttons';
import { type TabItem, Tabs } from '../parts/Tabs';
import { Trouble, Waiting } from '../parts/Words';
import { useCommands, useLakebook } from '../scope';
import { Command } from '../tokens';
import { count, plural, score } from '../words/numbers';
import { Answers } from './Answers';
import { Columns } from './Columns';
import { Issues } from './Issues';
import { Meaning } from './Meaning';
import { Preview } from './Preview';
import { Reading } from './Reading';
import { type Field, Records } from './Records';
import { Versions } from './Versions';

const ORIGIN: readonly Field[] = [
  ['version', 'Version'],
  ['source_kind', 'Kind'],
  ['source', 'Source'],
  ['created_at', 'Loaded']
];

export interface DatasetPageProps {
  id: string;
  tab: string;
  onName: (name: string) => void;
}

function headline(dataset: DatasetDetail): string {
  const { profile } = dataset;
  return [
    plural(dataset.row_count, 'row'),
    plural(dataset.column_count, 'column'),
    profile ? plural(profile.duplicate_rows, 'duplicate row') : '',
    dataset.quality_score === null ? '' : `quality ${score(dataset.quality_score)}`
  ]
    .filter(Boolean)
    .join(' · ');
}

function tabsOf(dataset: DatasetDetail): TabItem[] {
  const issues = dataset.profile?.issues.length ?? 0;
  return [
    { id: 'preview', label: 'Preview', body: () => <Preview dataset={dataset} /> },
    { id: 'columns', label: 'Columns', body: () => <Columns dataset={dataset} /> },
    {
      id: 'issues',
      label: (
        <>
          Issues <span className="lb-count">{count(issues)}</span>
        </>
      ),
      body: () => <Issues dataset={dataset} />
    },
    { id: 'meaning', label: 'Meaning', body: () => <Meaning dataset={dataset} /> },
    { id: 'answers', label: 'Answers', body: () => <Answers dataset={dataset} /> },
    {
      id: 'versions',
      label: 'Versions',
      body: () => <Versions dataset={dataset} />
    },
    {
      id: 'lineage',
      label: 'Lineage',
      body: () => (
        <Records label="Lineage" items={dataset.lineage ?? []} fields={ORIGIN} none="Nothing is recorded of its origin." />
      )
    }
  ];
}

/** A table's page: headline, actions, and seven ways to look at it. */
export function DatasetPage({ id, tab, onName }: DatasetPageProps): ReactElement {
  const { client } = useLakebook();
  const { can, run } = useCommands();
  const [current, setCurrent] = useState(tab);
  const shown = useQuery({
    queryKey: ['dataset', id],
    queryFn: async () => {
      const detail = await client.dataset(id);
      onName(detail.name);
      return detail;
    }
  });
  if (shown.isPending) {
    return <Waiting words="Reading the table’s profile…" />;
  }
  if (shown.isError) {
    return (
      <Trouble thrown={shown.error}>
        <TextButton onClick={() => void shown.refetch()}>Try again</TextButton>
      </Trouble>
    );
  }
  const dataset = shown.data;
  const args = { dataset: dataset.dataset_id, name: dataset.name, layer: dataset.layer };
  const action = (command: string, label: string, main = false): ReactElement | null =>
    can(command) ? (
      <TextButton main={main} onClick={() => run(command, args)}>
        {label}
      </TextButton>
    ) : null;
  return (
    <article className="lb-page" aria-label={dataset.name}>
      <header className="lb-page-head">
        <h1 dir="auto" title={dataset.name}>
          {dataset.name}
        </h1>
        <p className="lb-headline">{headline(dataset)}</p>
        <div className="lb-actions">
          {action(Command.ask, 'Ask', true)}
          {action(Command.trainModel, 'Train')}
          {action(Command.insertSql, 'Open SQL cell')}
          {action(Command.renameDataset, 'Rename')}
          {action(Command.deleteDataset, 'Delete')}
        </div>
      </header>
      <Reading dataset={dataset} />
      <Tabs label={`Views of ${dataset.name}`} items={tabsOf(dataset)} current={current} onChoose={setCurrent} />
    </article>
  );
}
