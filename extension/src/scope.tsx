import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactElement, useContext, useSyncExternalStore } from 'react';
import type { ILakebook } from './tokens';
import type { Work } from './work';

const Scope = createContext<ILakebook | null>(null);

export function useLakebook(): ILakebook {
  const lakebook = useContext(Scope);
  if (!lakebook) {
    throw new Error('A lakebook component is drawn outside of its widget.');
  }
  return lakebook;
}

/** The work of this window, drawn again whenever it changes. */
export function useWork(): Work {
  const { work } = useLakebook();
  useSyncExternalStore(
    listener => {
      work.changed.connect(listener);
      return () => work.changed.disconnect(listener);
    },
    () => work.version
  );
  return work;
}

/** Runs commands of features that may be disabled. */
export function useCommands(): {
  can: (id: string) => boolean;
  run: (id: string, args?: ReadonlyPartialJSONObject) => void;
} {
  const { commands } = useLakebook();
  return {
    can: id => commands.hasCommand(id),
    run: (id, args) => void commands.execute(id, args)
  };
}

/** A widget whose content is a React tree with lakebook around it. */
export abstract class LakebookWidget extends ReactWidget {
  constructor(protected readonly lakebook: ILakebook) {
    super();
    this.addClass('lb-widget');
  }

  protected override render(): ReactElement {
    return (
      <Scope.Provider value={this.lakebook}>
        <QueryClientProvider client={this.lakebook.queries}>{this.content()}</QueryClientProvider>
      </Scope.Provider>
    );
  }

  protected abstract content(): ReactElement;
}
