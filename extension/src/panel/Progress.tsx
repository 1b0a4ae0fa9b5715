import type { ReactElement } from 'react';

interface ProgressProps {
  label: string;
  /** 0 to 100; without one the work has not said how far it is. */
  percent: number | undefined;
}

/** How far a piece of work is. */
export const Progress = ({ label, percent }: ProgressProps): ReactElement => (
  <span
    role="progressbar"
    aria-label={label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={percent}
    className={percent === undefined ? 'lb-progress lb-mod-unsure' : 'lb-progress'}
  >
    <span style={{ width: `${percent ?? 100}%` }} />
  </span>
);
