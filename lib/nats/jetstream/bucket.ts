import type { JetStream } from './JetStream';

/** Makes a bucket, if there is none of that name, as clients make one: so they know it for one. */
export function ensureBucket(js: JetStream, bucket: string): Promise<void> {
  return js.ensureStream({
    name: `KV_${bucket}`,
    subjects: [`$KV.${bucket}.>`],
    retention: 'limits',
    storage: 'file',
    discard: 'new',
    max_msgs_per_subject: 1,
    max_consumers: -1,
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
    max_msg_size: -1,
    num_replicas: 1,
    allow_rollup_hdrs: true,
    allow_direct: true,
    deny_delete: true,
  });
}

/** Whether an entry is the mark of one that somebody has deleted. */
export function isDeleted(headers: string): boolean {
  return /^KV-Operation: *(DEL|PURGE)/m.test(headers);
}
