import { addIcon, ellipsesIcon, refreshIcon } from '@jupyterlab/ui-components';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { IconButton, TextButton } from '../parts/buttons';
import { Trouble, Waiting } from '../parts/Words';
import { useCommands, useLakebook, useWork } from '../scope';
import { Command } from '../tokens';
import { DashboardList } from './Dashboards';
import { DatasetList } from './Datasets';
import { Deleted } from './Deleted';
import { Empty } from './Empty';
import { FindBox } from './FindBox';
import { Found } from './Found';
import { JobList } from './Jobs';
import { ModelList } from './Models';
import { RunList } from './Runs';
import { Section } from './Section';
import { Uploads } from './Uploads';

/** Which sections are folded away, by name. */
export type Folded = Readonly<Record<string, boolean>>;

export interface PanelProps {
  /** Words that the lit drop zone says, while something is dragged over it. */
  lit: string | undefined;
  folded: Folded;
  showDeleted: boolean;
  onFold: (section: string) => void;
  onMenu: (at: DOMRect) => void;
}

const SECTIONS: readonly (readonly [string, () => ReactElement])[] = [
  ['Models', () => <ModelList />],
  ['Runs', () => <RunList />],
  ['Dashboards', () => <DashboardList />]
];

/** The sidebar: find or ask, tables, work, models, runs, dashboards; all of it takes dropped files. */
export function Panel(props: PanelProps): ReactElement {
  const { client } = useLakebook();
  const work = useWork();
  const [typed, setTyped] = useState('');
  const datasets = useQuery({ queryKey: ['datasets'], queryFn: () => client.datasets() });
  const known = datasets.data ?? [];
  const isEmpty = datasets.isSuccess && known.length === 0 && !props.showDeleted;
  const section = (name: string, body: ReactElement, count?: number): ReactElement => (
    <Section
      key={name}
      title={name}
      count={count}
      open={!(props.folded[name] ?? false)}
      onToggle={() => props.onFold(name)}
    >
      {body}
    </Section>
  );
  const tables = datasets.isPending ? (
    <Waiting words="Reading the list of tables…" />
  ) : datasets.isError ? (
    <Trouble thrown={datasets.error}>
      <TextButton onClick={() => void datasets.refetch()}>Try again</TextButton>
    </Trouble>
  ) : (
    <DatasetList items={known} />
  );
  const jobs = (
    <>
      <Uploads />
      <JobList />
    </>
  );
  return (
    <div className={props.lit ? 'lb-panel lb-mod-lit' : 'lb-panel'}>
      <Header onMenu={props.onMenu} />
      {!isEmpty && <FindBox datasets={known} typed={typed} onType={setTyped} />}
      <div className="lb-scroll">
        {typed.trim() ? (
          <Found datasets={known} typed={typed} />
        ) : (
          <>
            {isEmpty ? <Empty /> : section('Datasets', tables, datasets.data?.length)}
            {props.showDeleted && section('Deleted', <Deleted />)}
            {section('Jobs', jobs, work.active.length + work.uploads.length)}
            {SECTIONS.map(([name, body]) => section(name, body()))}
          </>
        )}
      </div>
      {!isEmpty && <p className="lb-drop-hint">Drop files here</p>}
      <div className="lb-lit-words" aria-live="polite">
        {props.lit}
      </div>
    </div>
  );
}

function Header({ onMenu }: { onMenu: (at: DOMRect) => void }): ReactElement {
  const { run } = useCommands();
  return (
    <header className="lb-header">
      <h1>lakebook</h1>
      <IconButton icon={addIcon} label="Load files…" onClick={() => run(Command.load)} />
      <IconButton icon={refreshIcon} label="Read everything again" onClick={() => run(Command.refresh)} />
      <IconButton
        icon={ellipsesIcon}
        label="More"
        onClick={event => onMenu(event.currentTarget.getBoundingClientRect())}
      />
    </header>
  );
}
