import { useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { DatasetDetail, QualityIssue } from '../api/model';
import { TextButton } from '../parts/buttons';
import { Trouble } from '../parts/Words';
import { useCommands, useLakebook } from '../scope';
import { Command } from '../tokens';
import { plural, score } from '../words/numbers';
import { Contract } from './Contract';

const WORST_FIRST: Readonly<Record<QualityIssue['severity'], number>> = { high: 0, medium: 1, low: 2 };

/** What is wrong with the data, worst first as the server ranks it, what mends it, and what the score is made of. */
export function Issues({ dataset }: { dataset: DatasetDetail }): ReactElement {
  const profile = dataset.profile;
  const issues = [...(profile?.issues ?? [])].sort((a, b) => WORST_FIRST[a.severity] - WORST_FIRST[b.severity]);
  return (
    <>
      {profile && <Score quality={profile.quality_score} parts={profile.score_parts ?? []} />}
      {issues.length === 0 && <p>Nothing was found that would spoil an answer.</p>}
      <ul className="lb-issues" aria-label="Issues, worst first">
        {issues.map((issue, index) => (
          <Issue key={index} dataset={dataset.dataset_id} issue={issue} />
        ))}
      </ul>
      <Contract dataset={dataset.dataset_id} />
    </>
  );
}

function Score({ quality, parts }: { quality: number; parts: readonly [string, number][] }): ReactElement {
  return (
    <details className="lb-score-parts">
      <summary>Score {score(quality)}</summary>
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
  );
}

function Issue({ dataset, issue }: { dataset: string; issue: QualityIssue }): ReactElement {
  const { client } = useLakebook();
  const { can, run } = useCommands();
  const queries = useQueryClient();
  const [thrown, setThrown] = useState<unknown>();
  const settle = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work;
      setThrown(undefined);
      await Promise.all([['contract', dataset], ['dataset', dataset]].map(queryKey => queries.invalidateQueries({ queryKey })));
    } catch (error) {
      setThrown(error);
    }
  };
  return (
    <li className={`lb-issue lb-mod-${issue.severity}`}>
      <span className="lb-tag">{issue.severity}</span>
      <div>
        <p>
          {issue.column && <strong dir="auto">{issue.column}: </strong>}
          {issue.description}
        </p>
        {issue.count ? <p className="lb-quiet">{plural(issue.count, 'row')}</p> : null}
        <div className="lb-actions">
          {issue.fix && can(Command.insertCell) && (
            <TextButton
              title={`Writes a cell that mends this: ${issue.description}`}
              onClick={() => run(Command.insertCell, { source: issue.fix ?? '' })}
            >
              Insert cell
            </TextButton>
          )}
          <TextButton
            title={`Tomorrow’s rows must be no worse than this: ${issue.description}`}
            onClick={() => void settle(client.settleIssue(dataset, 'accept', issue.issue_id))}
          >
            Accept
          </TextButton>
          <TextButton title={`No longer shows this: ${issue.description}`} onClick={() => void settle(client.settleIssue(dataset, 'ignore', issue.issue_id))}>
            Ignore
          </TextButton>
        </div>
        {thrown !== undefined && <Trouble thrown={thrown} />}
      </div>
    </li>
  );
}
