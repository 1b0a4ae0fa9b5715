import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReactElement, ReactNode } from 'react';

interface IconButtonProps {
  icon: LabIcon;
  label: string;
  onClick: (event: React.MouseEvent<HTMLButtonElement>) => void;
  pressed?: boolean;
  tabIndex?: number;
}

/** A button that is only an icon; its label is its name and its tooltip. */
export const IconButton = ({ icon, label, onClick, pressed, tabIndex }: IconButtonProps): ReactElement => (
  <button
    type="button"
    className="lb-icon-button"
    aria-label={label}
    aria-pressed={pressed}
    title={label}
    tabIndex={tabIndex}
    onClick={onClick}
  >
    <icon.react tag="span" width="16px" height="16px" />
  </button>
);

interface TextButtonProps {
  children: ReactNode;
  onClick: () => void;
  main?: boolean;
  title?: string;
  disabled?: boolean;
}

/** A button that says what it does. */
export const TextButton = ({ children, onClick, main = false, title, disabled }: TextButtonProps): ReactElement => (
  <button
    type="button"
    className={main ? 'lb-button lb-mod-main' : 'lb-button'}
    title={title}
    disabled={disabled}
    onClick={onClick}
  >
    {children}
  </button>
);
