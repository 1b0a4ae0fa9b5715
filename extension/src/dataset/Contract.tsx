import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { TextButton } from '../parts/buttons';
import { Trouble } from '../parts/Words';
import { useLakebook } from '../scope';

/** What tomorrow's rows are held to, and what is no longer shown; each can be taken back. */
export function Contract({ dataset }: { dataset: string }): ReactElement | null {
  const { client } = useLakebook();
  const queries = useQueryClient();
  const [thrown, setThrown] = useState<unknown>();
  const contract = useQuery({ queryKey: ['contract', dataset], queryFn: () => client.contract(dataset) });
  const rules = contract.data?.rules ?? [];
  const ignored = contract.data?.ignored ?? [];
  if (rules.length + ignored.length === 0) {
    return null;
  }
  const drop = async (rule: string): Promise<void> => {
    try {
      await client.settleIssue(dataset, 'drop', rule);
      setThrown(undefined);
      await Promise.all([['contract', dataset], ['dataset', dataset]].map(queryKey => queries.invalidateQueries({ queryKey })));
    } catch (error) {
      setThrown(error);
    }
  };
  return (
    <section className="lb-contract" aria-label="Contract">
      <h2>What later loads are held to</h2>
      {rules.length === 0 && <p className="lb-quiet">Nothing yet: accept an issue, and a load with `--contract` checks it.</p>}
      <ul aria-label="Accepted">
        {rules.map(rule => (
          <li key={rule.rule_id}>
            <span dir="auto">{rule.description}</span>
            <TextButton title={`No longer checks: ${rule.description}`} onClick={() => void drop(rule.rule_id)}>
              Take out
            </TextButton>
          </li>
        ))}
      </ul>
      {ignored.length > 0 && <h2>Ignored</h2>}
      <ul aria-label="Ignored">
        {ignored.map(issue => (
          <li key={issue}>
            <span dir="auto">{issue}</span>
            <TextButton title={`Shows ${issue} again`} onClick={() => void drop(issue)}>
              Show again
            </TextButton>
          </li>
        ))}
      </ul>
      {thrown !== undefined && <Trouble thrown={thrown} />}
    </section>
  );
}
