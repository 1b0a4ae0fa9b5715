import { type FormEvent, type ReactElement, useId, useState } from 'react';
import type { ModelVersion, PredictResult } from '../api/model';
import { TextButton } from '../parts/buttons';
import { Trouble } from '../parts/Words';
import { useLakebook } from '../scope';
import { count } from '../words/numbers';
import { type FeatureField, INPUTS, rowOf, type Typed, typedOf, TYPES } from './form';
import { Predicted } from './Predicted';
import { reference } from './words';

const FIELDS_AT_ONCE = 60;

type Outcome = { result: PredictResult } | { thrown: unknown } | undefined;

/** A form made from the model's signature; what is left empty is a missing value. */
export function TryIt({ model }: { model: ModelVersion }): ReactElement {
  const { client } = useLakebook();
  const [typed, setTyped] = useState<Typed>(() => typedOf(model));
  const [all, setAll] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const shown = all ? model.features : model.features.slice(0, FIELDS_AT_ONCE);
  const predict = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    try {
      setOutcome({ result: await client.predict(reference(model), rowOf(model, typed)) });
    } catch (thrown) {
      setOutcome({ thrown });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div className="lb-try">
      <form aria-label="A row to predict" onSubmit={event => void predict(event)}>
        <div className="lb-fields">
          {shown.map(feature => (
            <Field key={feature.name} feature={feature} value={typed[feature.name] ?? ''} onType={text => setTyped({ ...typed, [feature.name]: text })} />
          ))}
        </div>
        {shown.length < model.features.length && (
          <TextButton onClick={() => setAll(true)}>Show the other {count(model.features.length - shown.length)} columns</TextButton>
        )}
        <div className="lb-actions">
          <button type="submit" className="lb-button lb-mod-main" disabled={isBusy}>
            {isBusy ? 'Predicting…' : 'Predict'}
          </button>
          <TextButton onClick={() => setTyped(typedOf(model))}>Back to the example</TextButton>
          <span className="lb-quiet">Empty means missing.</span>
        </div>
      </form>
      <div aria-live="polite" className="lb-predicted">
        {outcome === undefined && <p className="lb-quiet">The answer appears here.</p>}
        {outcome && 'thrown' in outcome && <Trouble thrown={outcome.thrown} />}
        {outcome && 'result' in outcome && <Predicted model={model} result={outcome.result} />}
      </div>
    </div>
  );
}

interface FieldProps {
  feature: FeatureField;
  value: string;
  onType: (text: string) => void;
}

function Field({ feature, value, onType }: FieldProps): ReactElement {
  const id = useId();
  const { name, type } = feature;
  return (
    <div className="lb-field">
      <label htmlFor={id} title={name}>
        <bdi>{name}</bdi>
      </label>
      {type === 'boolean' ? (
        <select id={id} className="lb-input" value={value} onChange={event => onType(event.target.value)}>
          <option value="">missing</option>
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      ) : (
        <input
          id={id}
          className="lb-input"
          type={INPUTS[type]}
          step={type === 'integer' ? 1 : type === 'number' ? 'any' : type === 'timestamp' ? 1 : undefined}
          dir={type === 'text' ? 'auto' : undefined}
          value={value}
          placeholder={TYPES[type]}
          onChange={event => onType(event.target.value)}
        />
      )}
    </div>
  );
}
