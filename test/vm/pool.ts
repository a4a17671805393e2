/** Does something with each of a list, so many at a time. @returns the results, in the order of the list */
export async function inPool<T, U>(
  list: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<U>,
): Promise<readonly U[]> {
  const results = new Map<number, U>();
  const waiting = [...list.entries()];
  const take = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results.set(next[0], await work(next[1]));
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return list.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}
