import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useId, useState } from 'react';
import type { ModelVersion, Stage } from '../api/model';
import { Trouble } from '../parts/Words';
import { useLakebook } from '../scope';
import { reference } from './words';

const STAGES: readonly (readonly [Stage, string])[] = [
  ['champion', 'champion: it answers for the name'],
  ['shadow', 'shadow: it answers too, unheard'],
  ['archived', 'archived: it predicts no more']
];

/** Moves a version to another stage; without the proof that it is better only by force, with a reason. */
export function Promote({ model, onMoved }: { model: ModelVersion; onMoved: (words: string) => void }): ReactElement {
  const { client } = useLakebook();
  const queries = useQueryClient();
  const id = useId();
  const [to, setTo] = useState<Stage>('champion');
  const [reason, setReason] = useState('');
  const [force, setForce] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>();
  const move = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    setThrown(undefined);
    try {
      const { words } = await client.promote(reference(model), to, force && to === 'champion', reason.trim());
      await queries.invalidateQueries({ queryKey: ['models'] });
      onMoved(words);
    } catch (refused) {
      setThrown(refused);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form className="lb-move" aria-label={`Move version ${model.version}`} onSubmit={event => void move(event)}>
      <label htmlFor={`${id}-to`}>Make version {model.version}</label>
      <select id={`${id}-to`} className="lb-input" value={to} onChange={event => setTo(event.target.value as Stage)}>
        {STAGES.map(([stage, words]) => (
          <option key={stage} value={stage}>
            {words}
          </option>
        ))}
      </select>
      <input
        className="lb-input"
        aria-label="Reason"
        placeholder={force ? 'Reason, needed by force' : 'Reason, for those who look later'}
        value={reason}
        onChange={event => setReason(event.target.value)}
      />
      {to === 'champion' && (
        <label>
          <input type="checkbox" checked={force} onChange={event => setForce(event.target.checked)} /> without proof that it is better
        </label>
      )}
      <button type="submit" className="lb-button lb-mod-main" disabled={isBusy}>
        {isBusy ? 'Comparing…' : 'Move it'}
      </button>
      {thrown !== undefined && <Trouble thrown={thrown} />}
    </form>
  );
}
