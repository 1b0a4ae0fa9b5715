import { type KeyboardEvent, type ReactElement, type ReactNode, useRef, useState } from 'react';

const STEP: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: at => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last
};

interface RovingListProps<T> {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Draws a row; its main button carries `data-row`, and all of its buttons the tabIndex. */
  row: (item: T, tabIndex: 0 | -1) => ReactNode;
  className?: string;
}

/** A list with one stop for Tab: arrows, Home and End move between its rows. */
export function RovingList<T>({ label, items, keyOf, row, className = '' }: RovingListProps<T>): ReactElement {
  const list = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState<string>();
  const stop = Math.max(0, items.findIndex(item => keyOf(item) === current));

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEP[event.key];
    if (!step || event.target instanceof HTMLInputElement) {
      return;
    }
    event.preventDefault();
    const rows = list.current?.querySelectorAll<HTMLElement>('[data-row]');
    rows?.[step(stop, rows.length - 1)]?.focus();
  };

  return (
    <ul ref={list} aria-label={label} className={`lb-list ${className}`} onKeyDown={onKeyDown}>
      {items.map((item, index) => (
        <li key={keyOf(item)} onFocus={() => setCurrent(keyOf(item))}>
          {row(item, index === stop ? 0 : -1)}
        </li>
      ))}
    </ul>
  );
}
