import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ModelCard, ModelVersion } from '../api/model';
import { Chart } from '../ask/Chart';
import { useLakebook } from '../scope';
import { reference } from './words';

/** What the server says of a model beyond its record; undefined until it has. */
export function useCard(model: ModelVersion): ModelCard | undefined {
  const { client } = useLakebook();
  return useQuery({ queryKey: ['card', model.model_id], queryFn: () => client.modelCard(reference(model)) }).data;
}

interface PictureProps {
  model: ModelVersion;
  /** Which of the model's pictures. */
  name: string;
  registry: IRenderMimeRegistry | null;
}

/** One of a model's pictures; the numbers stand beside it in words, so that nothing is lost without it. */
export function Picture({ model, name, registry }: PictureProps): ReactElement | null {
  const picture = useCard(model)?.pictures.find(one => one.name === name);
  return registry && picture ? <Chart registry={registry} spec={picture.spec} label={picture.says} /> : null;
}
