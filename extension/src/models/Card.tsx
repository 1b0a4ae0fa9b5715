import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ReactElement } from 'react';
import type { ModelVersion } from '../api/model';
import { TextButton } from '../parts/buttons';
import { useCommands } from '../scope';
import { Command } from '../tokens';
import { plural } from '../words/numbers';
import { duration, exact } from '../words/times';
import { Facts, Part, Table } from './Facts';
import { Picture, useCard } from './Pictures';
import { Segments } from './Quality';
import { answersWith, baselineWords, between, figures, metricWords, signed, signedBetween } from './words';

interface CardProps {
  model: ModelVersion;
  registry: IRenderMimeRegistry | null;
}

/** The winner and the baselines, scored on the same unseen rows. */
export function Scores({ model }: { model: ModelVersion }): ReactElement {
  const own = [model.winner, figures(model.score), between(model.score_interval), ''];
  const others = model.baselines.map(one => [
    baselineWords(one.name),
    figures(one.score),
    between(one.score_interval),
    `${signed(one.difference)} (${signedBetween(one.difference_interval)})${one.beaten ? '' : ', no better'}`
  ]);
  return (
    <Table
      label="Scores on rows never seen"
      heads={['Model', metricWords(model.score_metric), '95 % interval', 'Lead of the winner']}
      numbers={[1, 2, 3]}
      rows={[own, ...others]}
    />
  );
}

function origin(model: ModelVersion): [string, string][] {
  const dropped = model.rows_dropped > 0 ? `, ${plural(model.rows_dropped, 'row')} without a target left out` : '';
  return [
    ['Predicts', `${model.target_column}, ${answersWith(model)}`],
    ['Learnt from', `${model.dataset_name} version ${model.dataset_version}: ${plural(model.rows_trained, 'row')}${dropped}`],
    ['Scored on', `${plural(model.rows_held_out, 'row')} that it never saw`],
    ['Reads', plural(model.features.length, 'column')],
    ['Made by', `${model.winner} (${model.engine} ${model.engine_version}), in ${duration(model.training_time_seconds * 1000)}`],
    ['Trained', `${exact(model.created_at)} by ${model.user_id}`]
  ];
}

/** What the model predicts, on what, how well, and for whom not. */
export function Card({ model, registry }: CardProps): ReactElement {
  const metrics = Object.entries(model.metrics).map(([name, value]) => [metricWords(name), figures(value)] as const);
  return (
    <div className="lb-parts">
      <Part title="What it is">
        <Facts label="What it is" facts={origin(model)} />
      </Part>
      <Part title="How well, on rows never seen">
        <Scores model={model} />
        <Picture model={model} name="scores" registry={registry} />
        <Facts label="Metrics" facts={metrics} />
      </Part>
      <Caveats model={model} />
      <Usage model={model} />
    </div>
  );
}

/** For whom and for what it is not to be trusted, and what it does not read. */
function Caveats({ model }: { model: ModelVersion }): ReactElement | null {
  const mind = useCard(model)?.mind ?? [];
  const notes = [...mind, ...model.notes];
  const segments = model.evaluation?.segments ?? [];
  return (
    <>
      {segments.length > 0 && (
        <Part title="For whom it is worst">
          <Segments model={model} segments={segments} />
        </Part>
      )}
      {notes.length + model.excluded.length > 0 && (
        <Part title="What to know before using it">
          <ul aria-label="What to know before using it" className="lb-notes">
            {notes.map(note => (
              <li key={note} dir="auto">
                {note}
              </li>
            ))}
            {model.excluded.map(({ column, reason }) => (
              <li key={column}>
                Does not read <bdi>{column}</bdi>: it {reason}.
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

/** The cells that predict with it and look after it. */
function Usage({ model }: { model: ModelVersion }): ReactElement | null {
  const { can, run } = useCommands();
  const usage = useCard(model)?.usage ?? [];
  return usage.length === 0 ? null : (
    <Part title="How to use it">
      <ul aria-label="How to use it" className="lb-notes">
        {usage.map(source => (
          <li key={source} className="lb-usage">
            <code>{source}</code>
            {can(Command.insertCell) && (
              <TextButton title={`Writes the cell: ${source}`} onClick={() => run(Command.insertCell, { source })}>
                Insert cell
              </TextButton>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
