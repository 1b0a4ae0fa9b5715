import { useQueries } from '@tanstack/react-query';
import type { Dataset } from '../api/model';
import { useLakebook } from '../scope';
import { matches } from '../words/questions';

export interface FoundColumn {
  dataset: Dataset;
  column: string;
  type: string;
}

const SEARCHED = 100;
const SHOWN = 30;

/** The tables and columns whose names hold what was typed; profiles are read once a version, when first searched. */
export function useFound(datasets: readonly Dataset[], typed: string): { tables: Dataset[]; columns: FoundColumn[] } {
  const { client } = useLakebook();
  const searching = typed.trim() !== '';
  const searched = datasets.slice(0, SEARCHED);
  const profiles = useQueries({
    queries: searched.map(item => ({
      queryKey: ['profile', item.dataset_id, item.version],
      queryFn: () => client.profile(item.dataset_id),
      enabled: searching,
      staleTime: Infinity
    }))
  });
  if (!searching) {
    return { tables: [], columns: [] };
  }
  const columns = searched.flatMap((dataset, index) =>
    (profiles[index]?.data?.columns ?? [])
      .filter(column => matches(column.name, typed.trim()))
      .map(column => ({ dataset, column: column.name, type: column.data_type }))
  );
  return { tables: datasets.filter(item => matches(item.name, typed.trim())), columns: columns.slice(0, SHOWN) };
}
