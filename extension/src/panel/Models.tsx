import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ModelVersion } from '../api/model';
import { metricWords } from '../models/words';
import { RovingList } from '../parts/Roving';
import { Trouble, Waiting } from '../parts/Words';
import { useCommands, useLakebook } from '../scope';
import { Command } from '../tokens';
import { argument } from '../words/cells';
import { figure } from '../words/numbers';
import { ago, exact } from '../words/times';

const describe = (model: ModelVersion): string =>
  `${model.verdict} Scored by ${metricWords(model.score_metric)}. Learnt from ${model.dataset_name} version ${model.dataset_version}, ${exact(model.created_at)}. ` +
  'Click to open its page.';

const RANKED = ['champion', 'shadow', 'archived'];

/** The alias that says most; the newest is a candidate anyway, and the page shows them all. */
const aliasOf = (model: ModelVersion): string | undefined => RANKED.find(alias => model.aliases.includes(alias));

/** The registered models; a click opens one's page, or writes the cell that predicts where the page is disabled. */
export function ModelList(): ReactElement {
  const { client } = useLakebook();
  const { can, run } = useCommands();
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
  const open = (model: ModelVersion): void =>
    can(Command.openModel)
      ? run(Command.openModel, { model: model.name, version: model.version })
      : run(Command.insertCell, { source: `%predict ${argument(model.name)} --dataset ${argument(model.dataset_name)}` });
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
          onClick={() => open(model)}
        >
          <span className="lb-name lb-mod-narrow">{model.name}</span>
          <span className="lb-quiet">v{model.version}</span>
          {aliasOf(model) && <span className="lb-tag">{aliasOf(model)}</span>}
          <span className="lb-figure">
            {figure(Number(model.score.toPrecision(3)))}
          </span>
          <span className="lb-age">{ago(model.created_at)}</span>
        </button>
      )}
    />
  );
}
