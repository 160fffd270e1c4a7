import { markdown } from "../table";

/** One measured run of one subject. */
export interface MachineRow {
  readonly nodes: number;
  readonly step: "from bare machines" | "no change";
  readonly subject: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Logins that the machines' sshd accepted. */
  readonly logins: number;
  /** What was wrong afterwards; absent when everything was right. */
  readonly problem?: string;
}

const head = ["machines", "step", "by", "seconds", "of ansible", "processor s", "SSH"];

/** All rows as a Markdown table; `of ansible` is the ratio of seconds in the same run. Pure. */
export function machineTable(rows: readonly MachineRow[]): string {
  const cells = rows.map((row) => [
    `${row.nodes}`,
    row.step,
    row.subject,
    row.problem === undefined ? row.seconds.toFixed(1) : `failed: ${row.problem}`,
    ofAnsible(rows, row),
    row.cpuSeconds.toFixed(1),
    `${row.logins}`,
  ]);
  return markdown([head, ...cells]);
}

function ofAnsible(rows: readonly MachineRow[], row: MachineRow): string {
  const other = rows.find(
    ({ subject, nodes, step, problem }) =>
      subject === "ansible" && nodes === row.nodes && step === row.step && problem === undefined,
  );
  if (other === undefined || row.problem !== undefined) return "";
  return (row.seconds / other.seconds).toFixed(2);
}
