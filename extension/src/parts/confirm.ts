import { Dialog, showDialog } from '@jupyterlab/apputils';

/** Asks before something that cannot be undone. */
export async function confirmed(title: string, body: string, verb: string): Promise<boolean> {
  const answer = await showDialog({
    title,
    body,
    buttons: [Dialog.cancelButton({ label: 'Cancel' }), Dialog.warnButton({ label: verb })]
  });
  return answer.button.accept;
}
