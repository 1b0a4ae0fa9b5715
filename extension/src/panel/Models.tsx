import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ModelVersion } from '../api/model';
import { RovingList } from '../parts/Roving';
import { Trouble, Waiting } from '../parts/Words';
import { useCommands, useLakebook } from '../scope';
import { Command } from '../tokens';
import { argument } from '../words/cells';
import { figure } from '../words/numbers';
import { ago, exact } from '../words/times';

const describe = (model: ModelVersion): string =>
  `${model.verdict} Learnt from ${model.dataset_name} version ${model.dataset_version}, ${exact(model.created_at)}. ` +
  'Click to insert a cell that predicts.';

/** The registered models; a click writes the cell that predicts with one. */
export function ModelList(): ReactElement {
  const { client } = useLakebook();
  const { run } = useCommands();
  const listed = useQuery({ queryKey: ['models'], queryFn: () => client.models() });
  if (listed.isPending) {
    return <Waiting words="Reading the models…" />;
  }
  if (listed.isError) {
    return <Trouble thrown={listed.error} />;
  }
  if (listed.data.length === 0) {
    return <p className="lb-quiet">No model yet. Train one from a table’s page.</p>;
  }
  const predict = (model: ModelVersion): void =>
    run(Command.insertCell, { source: `%predict ${argument(model.name)} --dataset ${argument(model.dataset_name)}` });
  return (
    <RovingList
      label="Models"
      items={listed.data}
      keyOf={model => model.model_id}
      row={(model, tabIndex) => (
        <button
          type="button"
          data-row
          className="lb-row"
          tabIndex={tabIndex}
          title={describe(model)}
          onClick={() => predict(model)}
        >
          <span className="lb-name">
            {model.name}
            <span className="lb-quiet"> v{model.version}</span>
          </span>
          {model.aliases.map(alias => (
            <span key={alias} className="lb-tag">
              {alias}
            </span>
          ))}
          <span className="lb-figure">
            {model.score_metric.replace(/_/g, ' ')} {figure(Number(model.score.toPrecision(3)))}
          </span>
          <span className="lb-age">{ago(model.created_at)}</span>
        </button>
      )}
    />
  );
}
