import type { ReactElement } from 'react';
import { TextButton } from '../parts/buttons';
import { said } from '../said';
import { useLakebook } from '../scope';

interface AllowModelProps {
  which: string;
  onAllowed: () => void;
}

/** Lets questions go to a language model from now on; then the question is asked again. */
export function AllowModel({ which, onAllowed }: AllowModelProps): ReactElement {
  const { client } = useLakebook();
  const allow = async (): Promise<void> => {
    if ((await said(client.allowModel(which))) !== undefined) {
      onAllowed();
    }
  };
  return (
    <div className="lb-actions">
      <TextButton title="Asked once; `lakebook llm forbid` takes it back" onClick={() => void allow()}>
        Allow the {which} model and ask again
      </TextButton>
    </div>
  );
}
