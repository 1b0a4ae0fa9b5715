import type { ReactElement } from 'react';
import type { DatasetDetail, QualityIssue } from '../api/model';
import { TextButton } from '../parts/buttons';
import { useCommands } from '../scope';
import { Command } from '../tokens';
import { plural, score } from '../words/numbers';

const WORST_FIRST: Readonly<Record<QualityIssue['severity'], number>> = { high: 0, medium: 1, low: 2 };

/** What is wrong with the data, worst first as the server ranks it, what mends it, and what the score is made of. */
export function Issues({ dataset }: { dataset: DatasetDetail }): ReactElement {
  const { can, run } = useCommands();
  const profile = dataset.profile;
  const issues = [...(profile?.issues ?? [])].sort((a, b) => WORST_FIRST[a.severity] - WORST_FIRST[b.severity]);
  const parts = profile?.score_parts ?? [];
  return (
    <>
      {profile && (
        <details className="lb-score-parts">
          <summary>Score {score(profile.quality_score)}</summary>
          <table className="lb-table">
            <tbody>
              <tr>
                <th scope="row">Whole</th>
                <td className="lb-mod-number">1.00</td>
              </tr>
              {parts.map(([what, taken], index) => (
                <tr key={index}>
                  <th scope="row">{what}</th>
                  <td className="lb-mod-number">−{Math.abs(taken).toFixed(3)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      {issues.length === 0 && <p>Nothing was found that would spoil an answer.</p>}
      <ul className="lb-issues" aria-label="Issues, worst first">
        {issues.map((issue, index) => (
          <li key={index} className={`lb-issue lb-mod-${issue.severity}`}>
            <span className="lb-tag">{issue.severity}</span>
            <div>
              <p>
                {issue.column && <strong dir="auto">{issue.column}: </strong>}
                {issue.description}
              </p>
              {issue.count ? <p className="lb-quiet">{plural(issue.count, 'row')}</p> : null}
              {issue.fix && can(Command.insertCell) && (
                <TextButton
                  title={`Writes a cell that mends this: ${issue.description}`}
                  onClick={() => run(Command.insertCell, { source: issue.fix ?? '' })}
                >
                  Insert cell
                </TextButton>
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
