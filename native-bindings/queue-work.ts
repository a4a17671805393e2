import { errnoNumber, refusal } from "./errno.ts";

/** Queues work for a thread of the pool. @throws SystemError where it is not taken: koffi's queue is full, or there is no memory for it */
export function queueWork<T>(subject: string, queue: () => T): T {
  try {
    return queue();
  } catch (error) {
    // An argument of the wrong kind is a bug.
    if (error instanceof TypeError) throw error;
    throw refusal("uv_queue_work", errnoNumber("EAGAIN"), subject);
  }
}
