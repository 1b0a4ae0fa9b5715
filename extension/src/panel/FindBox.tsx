import { searchIcon } from '@jupyterlab/ui-components';
import type { KeyboardEvent, ReactElement } from 'react';
import type { Dataset } from '../api/model';
import { useCommands } from '../scope';
import { Command } from '../tokens';
import { isQuestion, matches } from '../words/questions';

interface FindBoxProps {
  datasets: readonly Dataset[];
  typed: string;
  onType: (text: string) => void;
}

/** One box: it finds as one types, and asks when Enter is pressed on a sentence. */
export function FindBox({ datasets, typed, onType }: FindBoxProps): ReactElement {
  const { run, can } = useCommands();

  const enter = (): void => {
    const text = typed.trim();
    const found = datasets.filter(item => matches(item.name, text));
    const first = found.find(item => item.name.toLowerCase() === text.toLowerCase()) ?? found[0];
    if (text && first && !isQuestion(text)) {
      run(Command.openDataset, { dataset: first.dataset_id, name: first.name });
    } else if (text && can(Command.ask)) {
      run(Command.ask, { question: text });
      onType('');
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      enter();
    } else if (event.key === 'Escape') {
      onType('');
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      event.currentTarget.closest('.lb-panel')?.querySelector<HTMLElement>('.lb-offer, [data-row]')?.focus();
    }
  };

  return (
    <div className="lb-find">
      <searchIcon.react tag="span" width="16px" height="16px" className="lb-find-icon" />
      <input
        type="search"
        aria-label="Find dataset, column, question"
        placeholder="Find dataset, column, question"
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={event => onType(event.target.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
