export async function list(_m: string[], _o: object, _p: (t: string) => void): Promise<number> {
  return 0;
}
