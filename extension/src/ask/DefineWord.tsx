import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { Trouble } from '../parts/Words';
import { TextButton } from '../parts/buttons';
import { useLakebook } from '../scope';

interface DefineWordProps {
  words: readonly string[];
  onDefined: () => void;
}

/** Says what a word means, after a question that had it was declined; then the question is asked again. */
export function DefineWord({ words, onDefined }: DefineWordProps): ReactElement {
  const [open, setOpen] = useState(false);
  return open ? (
    <Definition words={words} onDefined={onDefined} />
  ) : (
    <div className="lb-actions">
      <TextButton onClick={() => setOpen(true)}>Define it…</TextButton>
    </div>
  );
}

/** A word, and a box for what it means. */
export function Definition({ words, onDefined }: DefineWordProps): ReactElement {
  const { client } = useLakebook();
  const [word, setWord] = useState(words[0] ?? '');
  const [means, setMeans] = useState('');
  const [thrown, setThrown] = useState<unknown>();
  const meanings = useMeanings();
  const list = useId();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await client.defineWord(word, means.trim());
      onDefined();
    } catch (error) {
      setThrown(error);
    }
  };
  return (
    <form className="lb-define" onSubmit={event => void submit(event)}>
      {words.length === 1 ? (
        <strong dir="auto">{word}</strong>
      ) : (
        <select className="lb-input" aria-label="Word" value={word} onChange={event => setWord(event.target.value)}>
          {words.map(one => (
            <option key={one}>{one}</option>
          ))}
        </select>
      )}
      <span>means</span>
      <input
        className="lb-input"
        aria-label={`What ${word} means`}
        placeholder="table, table.column, metric, or table.column=value"
        list={list}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={means}
        onChange={event => setMeans(event.target.value)}
      />
      <datalist id={list}>
        {meanings.map(one => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button type="submit" className="lb-button lb-mod-main" disabled={!means.trim()}>
        Define and ask again
      </button>
      {thrown !== undefined && <Trouble thrown={thrown} />}
    </form>
  );
}

const MOST_TABLES = 50;

/** What a word can mean: the metrics of the semantic models, the tables and their columns. */
function useMeanings(): string[] {
  const { client } = useLakebook();
  const found = useQuery({
    queryKey: ['meanings'],
    queryFn: async () => {
      const [models, tables] = await Promise.all([client.semantics(), client.datasets()]);
      const profiles = await Promise.all(tables.slice(0, MOST_TABLES).map(table => client.profile(table.dataset_id)));
      const columns = profiles.flatMap(profile => profile.columns.map(column => `${profile.name}.${column.name}`));
      return [...new Set([...models.flatMap(model => model.metrics), ...tables.map(table => table.name), ...columns])];
    }
  });
  return found.data ?? [];
}
