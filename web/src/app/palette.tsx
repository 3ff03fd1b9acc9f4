import { useNavigate } from '@tanstack/react-router';
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, TextField, useFilter } from 'react-aria-components';
import type { CasePage } from '@/api/desk';
import { useT } from '@/i18n/react';
import { useWords } from '@/parts/desk';
import { definitionOf, keyLabel, runCommand, useOffered, type CommandId } from '@/ui';

type Entry = { id: string; text: string; keys?: string; detail?: string };
const REFERENCE = /^[A-Z]{2}-\d{4}-\d+$/;

/** Ctrl or Command K: every command that can be done here, every case that this tab knows, any reference. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = useT();
  const words = useWords();
  const navigate = useNavigate();
  const offered = useOffered();
  const client = useQueryClient();
  const { contains } = useFilter({ sensitivity: 'base' });
  const [typed, setTyped] = useState('');
  const cases = useMemo(() => {
    const pages = client.getQueriesData<InfiniteData<CasePage>>({ queryKey: ['cases'] }).flatMap(([, data]) => data?.pages ?? []);
    return new Map(pages.flatMap((page) => page.items).map((one) => [one.reference, one]));
  }, [client]);
  const reference = typed.trim().toUpperCase();
  const entries: Entry[] = [
    ...(REFERENCE.test(reference) && !cases.has(reference) ? [{ id: `case:${reference}`, text: t('palette.open', { reference }) }] : []),
    ...offered.filter((id) => id !== 'palette').map((id) => {
      const { title, keys } = definitionOf(id);
      return { id: `command:${id}`, text: t(title), ...(keys[0] ? { keys: keyLabel(keys[0]) } : {}) };
    }),
    ...[...cases.values()].slice(0, 200).map((one) => ({ id: `case:${one.reference}`, text: one.reference, detail: words.kind(one.kind) })),
  ];
  const run = (id: string) => {
    onClose();
    if (id.startsWith('case:')) void navigate({ to: `/requests/${id.slice(5)}` });
    else setTimeout(() => runCommand(id.slice(8) as CommandId), 0);
  };
  return (
    <ModalOverlay isOpen onOpenChange={(open) => !open && onClose()} isDismissable className="overlay top">
      <Modal className="modal palette">
        <Dialog aria-label={t('command.palette')}>
          <Autocomplete filter={contains} inputValue={typed} onInputChange={setTyped}>
            <TextField autoFocus aria-label={t('palette.placeholder')}>
              <Input className="input" placeholder={t('palette.placeholder')} dir="auto" />
            </TextField>
            <Menu className="menu" aria-label={t('command.palette')} items={entries} onAction={(id) => run(String(id))} renderEmptyState={() => <div className="item mute">{t('palette.none')}</div>}>
              {(entry) => (
                <MenuItem id={entry.id} className="item" textValue={entry.detail ? `${entry.text} ${entry.detail}` : entry.text}>
                  <bdi>{entry.text}</bdi>
                  {entry.detail && <span className="mute">{entry.detail}</span>}
                  {entry.keys && <kbd className="end">{entry.keys}</kbd>}
                </MenuItem>
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
