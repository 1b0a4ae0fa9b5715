import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import { type ReactElement, type ReactNode, useId } from 'react';

interface SectionProps {
  title: string;
  open: boolean;
  onToggle: () => void;
  count?: number | undefined;
  children: ReactNode;
}

/** A part of the panel that folds away. */
export function Section({ title, open, onToggle, count, children }: SectionProps): ReactElement {
  const body = useId();
  const Caret = open ? caretDownIcon : caretRightIcon;
  return (
    <section className="lb-section" aria-label={title}>
      <h2 className="lb-section-title">
        <button type="button" aria-expanded={open} aria-controls={body} onClick={onToggle}>
          <Caret.react tag="span" width="16px" height="16px" />
          <span className="lb-section-name">{title}</span>
          {count !== undefined && <span className="lb-count">{count}</span>}
        </button>
      </h2>
      <div id={body} hidden={!open} className="lb-section-body">
        {open && children}
      </div>
    </section>
  );
}
