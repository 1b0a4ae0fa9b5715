import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { SemanticChecked } from '../api/model';
import { asProblem } from '../api/problem';
import { TextButton } from '../parts/buttons';
import { useLakebook } from '../scope';
import { plural } from '../words/numbers';

interface MeaningEditorProps {
  document: string;
  isDraft?: boolean;
  /** One's own words are changed by defining them; here they are shown. */
  isOwn?: boolean;
  onKept: () => Promise<void>;
  onLeave?: () => void;
  onDelete?: () => void;
}

const PAUSE = 500;

/** The file of a semantic model as text, checked while it is written; what is wrong is said by line. */
export function MeaningEditor({ document, isDraft = false, isOwn = false, onKept, onLeave, onDelete }: MeaningEditorProps): ReactElement {
  const { client } = useLakebook();
  const [text, setText] = useState(document);
  const [thrown, setThrown] = useState<unknown>();
  const area = useRef<HTMLTextAreaElement>(null);
  const checked = useChecked(text);
  const isChanged = isDraft || text !== document;
  const keep = async (): Promise<void> => {
    try {
      await client.loadSemantics(text, false);
      setThrown(undefined);
      await onKept();
    } catch (error) {
      setThrown(error);
    }
  };
  const go = (line: number): void => {
    const at = text.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    const end = text.indexOf('\n', at);
    area.current?.focus();
    area.current?.setSelectionRange(at, end < 0 ? text.length : end);
  };
  return (
    <>
      <p className="lb-quiet">{isDraft ? 'A draft from the profile: change what is wrong, add your words, then accept it.' : headline(checked)}</p>
      <textarea
        ref={area}
        className="lb-editor"
        aria-label="Semantic model"
        rows={Math.min(20, Math.max(12, text.split('\n').length + 1))}
        spellCheck={false}
        readOnly={isOwn}
        wrap="off"
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <Faults checked={checked} onGo={go} />
      {thrown !== undefined && (
        <p className="lb-bad" role="alert">
          {asProblem(thrown).message}
        </p>
      )}
      <div className="lb-actions">
        {!isOwn && (
          <TextButton main disabled={!isChanged || checked === undefined || (checked.faults ?? []).length > 0} onClick={() => void keep()}>
            {isDraft ? 'Accept' : 'Save'}
          </TextButton>
        )}
        {isChanged && !isDraft && <TextButton onClick={() => setText(document)}>Undo changes</TextButton>}
        {onLeave && <TextButton onClick={onLeave}>Leave it</TextButton>}
        {onDelete && <TextButton onClick={onDelete}>Delete</TextButton>}
      </div>
    </>
  );
}

function headline(checked: SemanticChecked | undefined): string {
  const datasets = checked?.datasets ?? [];
  return checked?.name ? `${checked.name}: ${plural(datasets.length, 'table')}, ${plural((checked.metrics ?? []).length, 'figure')}` : '\u00a0';
}

/** What the server says of the text; undefined until it has said something of this very text. */
function useChecked(text: string): SemanticChecked | undefined {
  const { client } = useLakebook();
  const [checked, setChecked] = useState<{ of: string; result: SemanticChecked }>();
  useEffect(() => {
    let isOver = false;
    const wait = setTimeout(() => {
      client.loadSemantics(text, true).then(
        result => !isOver && setChecked({ of: text, result }),
        (thrown: unknown) => !isOver && setChecked({ of: text, result: failed(thrown) })
      );
    }, PAUSE);
    return () => {
      isOver = true;
      clearTimeout(wait);
    };
  }, [client, text]);
  return checked?.of === text ? checked.result : undefined;
}

function failed(thrown: unknown): SemanticChecked {
  return { name: '', kept: false, valid: false, model_id: null, faults: [{ line: 1, message: asProblem(thrown).message }] };
}

function Faults({ checked, onGo }: { checked: SemanticChecked | undefined; onGo: (line: number) => void }): ReactElement {
  const faults = checked?.faults ?? [];
  const notes = checked?.notes ?? [];
  return (
    <div className="lb-faults" aria-live="polite">
      {faults.length + notes.length > 0 && (
        <ul aria-label="Faults and notes">
          {[...faults.map(one => ({ ...one, kind: 'fault' })), ...notes.map(one => ({ ...one, kind: 'note' }))].map((one, index) => (
            <li key={index}>
              <button type="button" className="lb-row" onClick={() => onGo(one.line)}>
                <span className="lb-tag">{one.kind}</span>
                <span className="lb-figure">line {one.line}</span>
                <span className={one.kind === 'fault' ? 'lb-bad' : undefined} dir="auto">
                  {one.message}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
