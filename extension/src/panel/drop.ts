import type { Drag } from '@lumino/dragdrop';

/** The type under which the Lab's own file browser drags paths. */
const CONTENTS_MIME = 'application/x-jupyter-icontents';

export interface DropTarget {
  /** Lights the panel up with these words, or puts it out. */
  light: (words: string | undefined) => void;
  /** Files of the computer were dropped. */
  files: (files: File[]) => void;
  /** Files of the Lab were dropped, by path. */
  paths: (paths: string[]) => void;
}

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

const pathsOf = (event: Drag.Event): string[] => {
  const data: unknown = event.mimeData.getData(CONTENTS_MIME);
  return Array.isArray(data) ? data.filter(path => typeof path === 'string') : [];
};

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const named = (names: readonly string[]): string =>
  names.length === 1 ? `Drop to load ${names[0]}` : `Drop to load ${names.length} files`;

/** Makes an element take files from the computer and from the Lab's file browser; returns the way to undo it. */
export function takeDrops(node: HTMLElement, target: DropTarget): () => void {
  const undo = [takeComputerFiles(node, target), takeLabFiles(node, target)];
  return () => undo.forEach(step => step());
}

function takeComputerFiles(node: HTMLElement, target: DropTarget): () => void {
  const over = (event: DragEvent): void => {
    if (carriesFiles(event) && event.dataTransfer) {
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = 'copy';
      // Browsers keep the names to themselves until the drop.
      const many = event.dataTransfer.items.length;
      target.light(many > 1 ? `Drop to load ${many} files` : 'Drop to load this file');
    }
  };
  const leave = (event: DragEvent): void => {
    if (!node.contains(event.relatedTarget as Node | null)) {
      target.light(undefined);
    }
  };
  const drop = (event: DragEvent): void => {
    if (carriesFiles(event)) {
      event.preventDefault();
      event.stopPropagation();
      target.light(undefined);
      target.files([...(event.dataTransfer?.files ?? [])]);
    }
  };
  return listen(node, { dragenter: over, dragover: over, dragleave: leave, drop });
}

function takeLabFiles(node: HTMLElement, target: DropTarget): () => void {
  const over = (event: Drag.Event): void => {
    const paths = pathsOf(event);
    if (paths.length > 0) {
      event.preventDefault();
      event.stopPropagation();
      event.dropAction = event.proposedAction;
      target.light(named(paths.map(fileName)));
    }
  };
  const leave = (event: Drag.Event): void => {
    event.preventDefault();
    event.stopPropagation();
    target.light(undefined);
  };
  const drop = (event: Drag.Event): void => {
    event.preventDefault();
    event.stopPropagation();
    target.light(undefined);
    event.dropAction = event.proposedAction;
    target.paths(pathsOf(event));
  };
  return listen(node, { 'lm-dragenter': over, 'lm-dragover': over, 'lm-dragleave': leave, 'lm-drop': drop });
}

type Handler = ((event: DragEvent) => void) | ((event: Drag.Event) => void);

function listen(node: HTMLElement, handlers: Readonly<Record<string, Handler>>): () => void {
  const entries = Object.entries(handlers) as [string, EventListener][];
  entries.forEach(([type, handler]) => node.addEventListener(type, handler));
  return () => entries.forEach(([type, handler]) => node.removeEventListener(type, handler));
}
