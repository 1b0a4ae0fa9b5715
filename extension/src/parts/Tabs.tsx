import { type KeyboardEvent, type ReactElement, type ReactNode, useId, useRef } from 'react';

export interface TabItem {
  id: string;
  label: ReactNode;
  body: () => ReactNode;
}

interface TabsProps {
  label: string;
  items: readonly TabItem[];
  current: string;
  onChoose: (id: string) => void;
}

/** Tabs as the ARIA practices want them: one stop, arrows choose. */
export function Tabs({ label, items, current, onChoose }: TabsProps): ReactElement {
  const prefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(0, items.findIndex(item => item.id === current));
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step ? items[(at + step + items.length) % items.length] : undefined;
    if (next) {
      event.preventDefault();
      onChoose(next.id);
      list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
    }
  };
  return (
    <>
      <div ref={list} role="tablist" aria-label={label} className="lb-tabs" onKeyDown={onKeyDown}>
        {items.map((item, index) => (
          <button
            key={item.id}
            type="button"
            role="tab"
            id={`${prefix}-${item.id}`}
            data-tab={item.id}
            aria-selected={index === at}
            aria-controls={`${prefix}-body`}
            tabIndex={index === at ? 0 : -1}
            onClick={() => onChoose(item.id)}
          >
            {item.label}
          </button>
        ))}
      </div>
      <div id={`${prefix}-body`} role="tabpanel" aria-labelledby={`${prefix}-${items[at]?.id ?? ''}`} className="lb-tab-body">
        {items[at]?.body()}
      </div>
    </>
  );
}
