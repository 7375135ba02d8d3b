import type { Notice } from '../vtn/Desk';

/** What a VTN notes, in a few words. */
export function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case 'opted':
      return `${notice.opt}: ${notice.event}`;
    case 'reported':
      return `got ${notice.values.length} values`;
    case 'refused':
      return `told: ${notice.reason}`;
    default:
      return `VEN ${notice.kind}`;
  }
}
