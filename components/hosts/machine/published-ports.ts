import { linesOf, type Script } from "../../model/script";

/** Chain of a machine's firewall in which new connections to published ports are refused. */
const CHAIN = "SWARMYARD-UPGRADE";

/** Its number is that of the process that opens the ports when the time is up. */
const MARK = "/run/swarmyard-upgrade";

const open = `open_ports() {
  for tables in iptables ip6tables; do
    command -v "$tables" >/dev/null || continue
    while "$tables" -w -D FORWARD -j ${CHAIN} 2>/dev/null; do :; done
    "$tables" -w -F ${CHAIN} 2>/dev/null || true
    "$tables" -w -X ${CHAIN} 2>/dev/null || true
  done
}`;

/**
 * Script after which a machine refuses new connections to the ports that its containers publish, for a number of
 * seconds. Those that are open go on. Whoever spreads requests over the nodes tries another one then, before
 * a program ends under them.
 *
 * A refusal is a reset, as of a port where nothing listens. Traffic between nodes is not affected.
 */
export const refusePublished: Script<{ readonly seconds: number }> = {
  text: `IFS= read -r seconds
${open}
open_ports
for tables in iptables ip6tables; do
  command -v "$tables" >/dev/null || continue
  {
    "$tables" -w -N ${CHAIN} &&
      "$tables" -w -A ${CHAIN} -p tcp -m conntrack --ctstate NEW -m conntrack --ctstate DNAT -j REJECT --reject-with tcp-reset &&
      "$tables" -w -I FORWARD -j ${CHAIN}
  } || [ "$tables" = ip6tables ]
done
# If nobody opens them, because the run that closed them was killed, they open on their own.
wait_and_open="$(declare -f open_ports)
echo \\$\\$ >${MARK}
sleep $seconds
if [ \\"\\$(cat ${MARK} 2>/dev/null)\\" = \\$\\$ ]; then rm -f ${MARK}; open_ports; fi"
setsid bash -c "$wait_and_open" >/dev/null 2>&1 </dev/null &
`,
  stdin: ({ seconds }) => linesOf(`${seconds}`),
};

/** Script after which a machine accepts connections to its published ports again. */
export const acceptPublished = `${open}
rm -f ${MARK}
open_ports
`;
