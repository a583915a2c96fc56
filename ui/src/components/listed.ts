/** Rows that are asked for: how far that is, or the rows. */
export type Listed<Row> = "reading" | "failed" | readonly Row[];

/** The rows that are there. */
export function listedOf<Row>(listed: Listed<Row>): readonly Row[] {
  return typeof listed === "string" ? [] : listed;
}
