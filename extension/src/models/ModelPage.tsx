import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { ModelVersion } from '../api/model';
import { TextButton } from '../parts/buttons';
import { type TabItem, Tabs } from '../parts/Tabs';
import { Trouble, Waiting } from '../parts/Words';
import { useCommands, useLakebook } from '../scope';
import { Command } from '../tokens';
import { argument } from '../words/cells';
import { count } from '../words/numbers';
import { Card } from './Card';
import { DriftTab } from './DriftTab';
import { Quality } from './Quality';
import { TryIt } from './TryIt';
import { Tried } from './Tried';
import { Versions } from './Versions';
import { reference } from './words';

interface ModelPageProps {
  name: string;
  /** Which version at first; 0 is the champion, where there is one. */
  version: number;
  registry: IRenderMimeRegistry | null;
}

/** The version to show: the one that was asked for, else the champion, else the newest. */
export function shownOf(versions: readonly ModelVersion[], wanted: number): ModelVersion | undefined {
  return (
    versions.find(model => model.version === wanted) ??
    versions.find(model => model.aliases.includes('champion')) ??
    versions[0]
  );
}

/** A model's page: verdict, and the ways to look at one of its versions. */
export function ModelPage({ name, version, registry }: ModelPageProps): ReactElement {
  const { client } = useLakebook();
  const [wanted, setWanted] = useState(version);
  const [tab, setTab] = useState('card');
  const listed = useQuery({ queryKey: ['models'], queryFn: () => client.models() });
  if (listed.isPending) {
    return <Waiting words="Reading the model’s versions…" />;
  }
  if (listed.isError) {
    return (
      <Trouble thrown={listed.error}>
        <TextButton onClick={() => void listed.refetch()}>Try again</TextButton>
      </Trouble>
    );
  }
  const versions = listed.data.filter(model => model.name === name);
  const shown = shownOf(versions, wanted);
  if (!shown) {
    return <p className="lb-quiet lb-page">There is no model {name} any more.</p>;
  }
  const show = (other: number): void => {
    setWanted(other);
    setTab('card');
  };
  const items: TabItem[] = [
    { id: 'card', label: 'Card', body: () => <Card model={shown} registry={registry} /> },
    { id: 'try', label: 'Try it', body: () => <TryIt key={shown.model_id} model={shown} /> },
    { id: 'quality', label: 'Quality', body: () => <Quality model={shown} registry={registry} /> },
    { id: 'tried', label: 'What was tried', body: () => <Tried model={shown} registry={registry} /> },
    {
      id: 'versions',
      label: (
        <>
          Versions <span className="lb-count">{count(versions.length)}</span>
        </>
      ),
      body: () => <Versions versions={versions} shown={shown} onShow={show} />
    },
    { id: 'drift', label: 'Drift', body: () => <DriftTab key={shown.model_id} model={shown} registry={registry} /> }
  ];
  return (
    <article className="lb-page lb-model" aria-label={name}>
      <Head model={shown} />
      <Tabs label={`Views of ${name}`} items={items} current={tab} onChoose={setTab} />
    </article>
  );
}

function Head({ model }: { model: ModelVersion }): ReactElement {
  const { can, run } = useCommands();
  const source = `%predict ${argument(reference(model))} --dataset ${argument(model.dataset_name)}`;
  return (
    <>
      <header className="lb-page-head">
        <h1 dir="auto" title={model.name}>
          {model.name}
        </h1>
        {model.aliases.map(alias => (
          <span key={alias} className="lb-tag">
            {alias}
          </span>
        ))}
        <p className="lb-headline">
          version {model.version} · predicts <bdi>{model.target_column}</bdi> · learnt from <bdi>{model.dataset_name}</bdi> v{model.dataset_version}
        </p>
        <div className="lb-actions">
          {can(Command.insertCell) && <TextButton onClick={() => run(Command.insertCell, { source })}>Insert cell</TextButton>}
          {can(Command.openDataset) && (
            <TextButton onClick={() => run(Command.openDataset, { dataset: model.dataset_id, name: model.dataset_name })}>Open table</TextButton>
          )}
        </div>
      </header>
      <p className="lb-sentence" dir="auto">
        {model.verdict}
      </p>
    </>
  );
}
