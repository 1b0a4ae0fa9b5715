import { type ReactElement, useState } from 'react';
import type { ModelVersion } from '../api/model';
import { TextButton } from '../parts/buttons';
import { ago, exact } from '../words/times';
import { Compare } from './Compare';
import { Table } from './Facts';
import { Promote } from './Promote';
import { between, figures, metricWords } from './words';

interface VersionsProps {
  versions: readonly ModelVersion[];
  shown: ModelVersion;
  onShow: (version: number) => void;
}

/** What is done with a version below the list. */
interface Doing {
  what: 'compare' | 'promote';
  model: ModelVersion;
}

/** The versions of a model, newest first, each with its score and its baseline's; two are compared, one is moved. */
export function Versions({ versions, shown, onShow }: VersionsProps): ReactElement {
  const [doing, setDoing] = useState<Doing>();
  const [moved, setMoved] = useState('');
  const begin = (next: Doing): void => {
    setMoved('');
    setDoing(next);
  };
  const rows = versions.map(model => [
    `v${model.version}`,
    <Aliases key="aliases" names={model.aliases} />,
    `${metricWords(model.score_metric)} ${figures(model.score)}`,
    between(model.score_interval),
    bestBaseline(model),
    <span key="when" title={exact(model.created_at)}>
      {ago(model.created_at)}
    </span>,
    <Actions key="actions" model={model} shown={shown} onShow={onShow} onBegin={begin} />
  ]);
  return (
    <div className="lb-parts">
      <Table
        label="Versions"
        heads={['Version', 'Aliases', 'Score', '95 % interval', 'Best baseline', 'Trained', 'What can be done']}
        numbers={[3, 4]}
        rows={rows}
      />
      <div aria-live="polite">
        {moved && <p dir="auto">{moved}</p>}
        {doing?.what === 'compare' && <Compare shown={shown} other={doing.model} />}
        {doing?.what === 'promote' && (
          <Promote
            key={doing.model.model_id}
            model={doing.model}
            onMoved={words => {
              setDoing(undefined);
              setMoved(words);
            }}
          />
        )}
      </div>
    </div>
  );
}

interface ActionsProps {
  model: ModelVersion;
  shown: ModelVersion;
  onShow: (version: number) => void;
  onBegin: (doing: Doing) => void;
}

function Actions({ model, shown, onShow, onBegin }: ActionsProps): ReactElement {
  const isShown = model.version === shown.version;
  return (
    <span className="lb-row-actions">
      {isShown ? (
        <span className="lb-quiet">shown now</span>
      ) : (
        <>
          <TextButton title={`Show version ${model.version}`} onClick={() => onShow(model.version)}>
            Show
          </TextButton>
          <TextButton title={`Hold version ${model.version} against version ${shown.version}`} onClick={() => onBegin({ what: 'compare', model })}>
            Compare
          </TextButton>
        </>
      )}
      {!model.aliases.includes('champion') && (
        <TextButton title={`Make version ${model.version} the champion, the shadow, or put it away`} onClick={() => onBegin({ what: 'promote', model })}>
          Promote…
        </TextButton>
      )}
    </span>
  );
}

function Aliases({ names }: { names: readonly string[] }): ReactElement {
  return (
    <>
      {names.map(alias => (
        <span key={alias} className="lb-tag">
          {alias}
        </span>
      ))}
    </>
  );
}

/** The best of the baselines: the one that the winner leads by least. */
function bestBaseline(model: ModelVersion): string {
  const [best] = [...model.baselines].sort((a, b) => a.difference - b.difference);
  return best ? figures(best.score) : '';
}
