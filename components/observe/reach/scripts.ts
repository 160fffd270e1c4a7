import { linesOf, type Script } from "../../model/script";

/** Comment of our rules, by which they are found and removed again. */
const MARK = "swarmyard-reach";

const deleteRules = `iptables-save -t security 2>/dev/null | sed -n 's/^-A \\(INPUT .*${MARK}.*\\)$/\\1/p' |
  while read -r rule; do eval "iptables -w 5 -t security -D $rule" || true; done`;

/** Where others reach a host. */
export interface LookValues {
  /** Interface or address that the settings name. @default the node's address, or that of the default route */
  readonly advertise?: string;
}

/**
 * Script that prints at which address a host is reached and on which TCP ports it listens: `address 10.0.0.5`,
 * `listens 2377`.
 */
export const lookScript: Script<LookValues> = {
  text: `IFS= read -r advertise || true
place=\${advertise%%:*}
address=
case "$place" in
  '') address=$(docker info --format '{{.Swarm.NodeAddr}}' 2>/dev/null || true) ;;
  *[!0-9.]*) address=$(ip -4 -o addr show dev "$place" scope global | awk '{ sub(/\\/.*/, "", $4); print $4; exit }') ;;
  *) address=$place ;;
esac
[ -n "$address" ] || address=$(ip -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \\([0-9.]*\\).*/\\1/p' | head -n 1)
echo "address $address"
ss -H -ltn | awk '{ sub(/.*:/, "", $4); print "listens " $4 }' | sort -u
`,
  stdin: ({ advertise = "" }) => linesOf(advertise),
};

/** Packets that a host counts. */
export interface CountValues {
  /** Addresses that they come from. */
  readonly from: readonly string[];
  /** UDP ports that they go to. */
  readonly ports: readonly number[];
}

/**
 * Script that makes a host count the packets that its firewall lets in. The rules come after every other one and
 * change nothing.
 */
export const countScript: Script<CountValues> = {
  text: `IFS= read -r addresses
IFS= read -r ports
${deleteRules}
for address in $addresses; do
  for port in $ports; do
    iptables -w 5 -t security -A INPUT -s "$address" -p udp --dport "$port" -m comment --comment ${MARK}
  done
done
`,
  stdin: ({ from, ports }) => linesOf(from.join(" "), ports.join(" ")),
};

/** Script that prints what was counted, `counted <address> <port> <packets>`, and removes the rules. */
export const readScript = `iptables -w 5 -t security -nvxL INPUT | awk '/${MARK}/ {
  port = $0
  sub(/.*dpt:/, "", port)
  sub(/ .*/, "", port)
  for (field = 1; field <= NF; field++) if ($field ~ /^[0-9]+\\.[0-9.]+$/) { print "counted", $field, port, $1; break }
}'
${deleteRules}
`;

/** What a host tries. */
export interface TryValues {
  /** `<address>:<port>` of each. */
  readonly tcp: readonly string[];
  readonly udp: readonly string[];
}

/**
 * Script that opens a connection to each place, all at once, within three seconds, and sends three packets to
 * each UDP port. It prints `tcp <address>:<port> open`, or `refused`, or `silent`, or `unreachable`.
 */
export const tryScript: Script<TryValues> = {
  text: `IFS= read -r tcp
IFS= read -r udp
attempt() {
  local said result=0
  # shellcheck disable=SC2016
  said=$(timeout 3 bash -c 'exec 3<>"/dev/tcp/$1/$2"' _ "\${1%:*}" "\${1##*:}" 2>&1) || result=$?
  case "$result $said" in
    0*) echo "tcp $1 open" ;;
    124*) echo "tcp $1 silent" ;;
    *refused*) echo "tcp $1 refused" ;;
    *) echo "tcp $1 unreachable" ;;
  esac
}
for place in $tcp; do attempt "$place" & done
for _ in 1 2 3; do
  for place in $udp; do
    { printf 'reach' >"/dev/udp/\${place%:*}/\${place##*:}"; } 2>/dev/null || true
  done
done
wait
`,
  stdin: ({ tcp, udp }) => linesOf(tcp.join(" "), udp.join(" ")),
};
