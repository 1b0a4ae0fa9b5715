import { type IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import type { JSONObject } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import { type ReactElement, useLayoutEffect, useRef, useState } from 'react';
import { Trouble } from '../parts/Words';

const VEGALITE = 'application/vnd.vegalite.v5+json';

interface ChartProps {
  registry: IRenderMimeRegistry;
  spec: Record<string, unknown>;
  label: string;
}

/** A chart, drawn by the renderer that the Lab already carries. */
export function Chart({ registry, spec, label }: ChartProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<unknown>();
  // A layout effect ends before its frame leaves the page; a widget cannot be taken off a page that it is no longer on.
  useLayoutEffect(() => {
    const node = frame.current;
    if (!node || !registry.mimeTypes.includes(VEGALITE)) {
      return undefined;
    }
    const renderer = registry.createRenderer(VEGALITE);
    Widget.attach(renderer, node);
    const model = new MimeModel({ data: { [VEGALITE]: { background: 'transparent', ...spec } as JSONObject }, trusted: true });
    renderer.renderModel(model).catch(setFailure);
    return () => renderer.dispose();
  }, [registry, spec]);
  return (
    <>
      <div ref={frame} className="lb-chart" role="figure" aria-label={label} />
      {failure !== undefined && <Trouble thrown={failure} />}
    </>
  );
}
