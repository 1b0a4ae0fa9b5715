import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { DatasetDetail, SemanticSummary } from '../api/model';
import { confirmed } from '../parts/confirm';
import { TextButton } from '../parts/buttons';
import { Trouble, Waiting } from '../parts/Words';
import { said } from '../said';
import { useLakebook } from '../scope';
import { MeaningEditor } from './MeaningEditor';

/** What people's words mean in a table: its semantic model, to read, to change, to draft. */
export function Meaning({ dataset }: { dataset: DatasetDetail }): ReactElement {
  const { client } = useLakebook();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState('');
  const [draft, setDraft] = useState<string>();
  const models = useQuery({
    queryKey: ['semantics', dataset.dataset_id],
    queryFn: () => client.semantics(dataset.dataset_id)
  });
  if (models.isPending) {
    return <Waiting words="Reading what its words mean…" />;
  }
  if (models.isError) {
    return <Trouble thrown={models.error} />;
  }
  const current = models.data.find(model => model.model_id === chosen) ?? models.data[0];
  const propose = async (): Promise<void> => setDraft((await said(client.draftSemantics(dataset.dataset_id)))?.document);
  const refresh = async (): Promise<void> => {
    setDraft(undefined);
    await queries.invalidateQueries({ queryKey: ['semantics'] });
    await queries.invalidateQueries({ queryKey: ['meanings'] });
  };
  const remove = async (model: SemanticSummary): Promise<void> => {
    const body = 'Questions are understood without it from now on.';
    if ((await confirmed(`Delete the model ${model.name}?`, body, 'Delete')) && (await said(client.deleteSemantics(model.model_id)))) {
      await refresh();
    }
  };
  return (
    <section className="lb-meaning" aria-label="Meaning">
      {models.data.length > 1 && !draft && (
        <select
          className="lb-input"
          aria-label="Semantic model"
          value={current?.model_id ?? ''}
          onChange={event => setChosen(event.target.value)}
        >
          {models.data.map(model => (
            <option key={model.model_id} value={model.model_id}>
              {model.is_own ? `${model.name} (yours alone)` : model.name}
            </option>
          ))}
        </select>
      )}
      {draft !== undefined ? (
        <MeaningEditor key="draft" document={draft} isDraft onKept={refresh} onLeave={() => setDraft(undefined)} />
      ) : current ? (
        <Kept key={`${current.model_id} ${current.version}`} model={current} onKept={refresh} onDelete={() => void remove(current)} />
      ) : (
        <p>
          Nothing says yet what people’s words mean in this table: names and values of its columns serve. A semantic model adds
          figures such as revenue, filters, and synonyms.
        </p>
      )}
      {draft === undefined && (
        <div className="lb-actions">
          <TextButton main={!current} title="Drafts a model from the profile; nothing is kept" onClick={() => void propose()}>
            Propose a draft
          </TextButton>
        </div>
      )}
    </section>
  );
}

interface KeptProps {
  model: SemanticSummary;
  onKept: () => Promise<void>;
  onDelete: () => void;
}

function Kept({ model, onKept, onDelete }: KeptProps): ReactElement {
  const { client } = useLakebook();
  const shown = useQuery({
    queryKey: ['semantics', 'model', model.model_id, model.version],
    queryFn: () => client.semanticModel(model.model_id)
  });
  if (shown.isPending) {
    return <Waiting words="Reading the model…" />;
  }
  if (shown.isError) {
    return <Trouble thrown={shown.error} />;
  }
  return <MeaningEditor document={shown.data.document} isOwn={model.is_own} onKept={onKept} onDelete={onDelete} />;
}
