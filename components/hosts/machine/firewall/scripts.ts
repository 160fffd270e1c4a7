// cspell:words noflush prerouting setsid
import type { Script } from "../../../model/script";
import { STATE_FOLDER } from "../engine";
import type { ChainRules, Firewall } from "./rules";

const FOLDER = `${STATE_FOLDER}/firewall`;
/** Program on the machine that loads its confirmed rules after a boot. */
export const FIREWALL_BOOT = `${FOLDER}/boot`;
/** Our chains, and where in the table `mangle` they are entered: before Docker, and before it or we forward a packet. */
const CHAINS = { arriving: "SWARMYARD", forwarded: "SWARMYARD-FORWARD" } as const;

/** How long rules that nobody confirms stay, in seconds. */
export const CONFIRM_SECONDS = 60;

/** Functions that load and unload a file of rules; they are also what runs after each boot. */
const functions = `folder=${FOLDER}
leave() {
  while "$1" -w 5 -t mangle -D "$2" -j "$3" 2>/dev/null; do :; done
  "$1" -w 5 -t mangle -F "$3" 2>/dev/null || true
  "$1" -w 5 -t mangle -X "$3" 2>/dev/null || true
}
unload() {
  for tool in iptables ip6tables; do
    command -v $tool >/dev/null || continue
    leave $tool PREROUTING ${CHAINS.arriving}
    leave $tool FORWARD ${CHAINS.forwarded}
  done
}
enter() {
  "$1" -w 5 -t mangle -C "$2" -j "$3" 2>/dev/null || "$1" -w 5 -t mangle -I "$2" -j "$3"
}
chains() {
  command -v "$1" >/dev/null || return 0
  {
    printf '*mangle\\n:${CHAINS.arriving} - [0:0]\\n:${CHAINS.forwarded} - [0:0]\\n'
    if [ "$2" = 4 ]; then
      sed -n "s/^first arriving /-A ${CHAINS.arriving} /p; s/^first forwarded /-A ${CHAINS.forwarded} /p" "$3"
      for chain in ${CHAINS.arriving} ${CHAINS.forwarded}; do
        cat "$3" "$folder/leaving" 2>/dev/null | sed -n "s/^node \\(.*\\)/-A $chain -s \\1 -j RETURN/p"
      done
    fi
    sed -n "s/^$2 arriving /-A ${CHAINS.arriving} /p" "$3"
    sed -n "s/^$2 forwarded /-A ${CHAINS.forwarded} /p" "$3"
    echo COMMIT
  } | "$1-restore" -w 5 --noflush || return 1
  enter "$1" PREROUTING ${CHAINS.arriving} && enter "$1" FORWARD ${CHAINS.forwarded}
}
others() {
  if command -v ufw >/dev/null && ufw status | grep -q '^Status: active'; then
    sed -n 's/^ufw //p' "$2" | while read -ra words; do
      if [ "$1" = close ]; then ufw delete "\${words[@]}" </dev/null >/dev/null || true; else ufw "\${words[@]}" </dev/null >/dev/null; fi
    done
  fi
  if command -v firewall-cmd >/dev/null && firewall-cmd --state >/dev/null 2>&1; then
    action=add
    if [ "$1" = close ]; then action=remove; fi
    sed -n 's/^firewalld //p' "$2" | while read -r rule; do
      firewall-cmd --quiet "--$action-rich-rule=$rule" </dev/null || true
      firewall-cmd --quiet --permanent "--$action-rich-rule=$rule" </dev/null || true
    done
  fi
}
load() {
  chains iptables 4 "$1" || return 1
  # Without IPv6 in the kernel there is nothing to close.
  if [ -e /proc/net/if_inet6 ]; then chains ip6tables 6 "$1" || return 1; fi
  others open "$1"
}
`;

/**
 * Script that loads a firewall and takes it back a minute later, unless {@link confirmScript} has run by then: over a
 * new connection, which proves that SSH still gets through. Nodes of the firewall before it are let in until
 * {@link settleScript}, since they may be leaving.
 */
export const applyScript: Script<Firewall> = {
  text: `${functions}mkdir -p "$folder"
chmod 700 "$folder"
cat >"$folder/wanted"
cat "$folder/confirmed" "$folder/leaving" 2>/dev/null | grep -E '^(node|ufw|firewalld) ' | grep -vxFf "$folder/wanted" >"$folder/leaving.new" || true
mv "$folder/leaving.new" "$folder/leaving"
cat >"$folder/rollback" <<'ROLLBACK'
#!/bin/bash
${functions}# Whoever removes it first decides: this, or the confirmation. Rules of a later run have a time of their own.
[ "$(cat "$folder/pending" 2>/dev/null)" = "$1" ] && rm "$folder/pending" || exit 0
if [ -e "$folder/confirmed" ]; then
  grep -vxFf "$folder/confirmed" "$folder/wanted" >"$folder/gone" || true
  others close "$folder/gone"
  rm "$folder/gone"
  load "$folder/confirmed"
else
  unload
  others close "$folder/wanted"
fi
ROLLBACK
chmod 700 "$folder/rollback"
run=$(date +%s.%N)
echo "$run" >"$folder/pending"
if [ -d /run/systemd/system ]; then
  systemd-run --quiet --collect --on-active=${CONFIRM_SECONDS} --timer-property=AccuracySec=1s "$folder/rollback" "$run"
else
  setsid bash -c "sleep ${CONFIRM_SECONDS}; exec $folder/rollback $run" </dev/null >/dev/null 2>&1 &
fi
if ! load "$folder/wanted"; then
  "$folder/rollback" "$run" || true
  echo "the firewall's rules could not be loaded; those of before are back" >&2
  exit 1
fi
`,
  stdin: ({ containers, nodes, ipv4, ipv6, ufw, firewalld }) =>
    [
      ...chainLines("first", containers),
      ...nodes.map((node) => `node ${node}\n`),
      ...chainLines(4, ipv4),
      ...chainLines(6, ipv6),
      ...ufw.map((words) => `ufw ${words}\n`),
      ...firewalld.map((rule) => `firewalld ${rule}\n`),
    ].join(""),
};

function chainLines(
  version: "first" | 4 | 6,
  { arriving, forwarded }: ChainRules,
): readonly string[] {
  return [
    ...arriving.map((rule) => `${version} arriving ${rule}\n`),
    ...forwarded.map((rule) => `${version} forwarded ${rule}\n`),
  ];
}

/** Script that keeps the rules of {@link applyScript}, also after a reboot. Run it over a new connection. */
export const confirmScript = `${functions}if ! rm "$folder/pending" 2>/dev/null; then
  if cmp -s "$folder/wanted" "$folder/confirmed"; then exit 0; fi
  echo "the firewall's rules were taken back, because nobody confirmed them within ${CONFIRM_SECONDS} seconds" >&2
  exit 1
fi
cp "$folder/wanted" "$folder/confirmed"
cat >"$folder/boot" <<'BOOT'
#!/bin/bash
${functions}load "$folder/confirmed"
BOOT
chmod 700 "$folder/boot"
if [ -d /run/systemd/system ]; then
  # Other firewalls may empty all tables when they start, and have to run to be told what to open.
  cat >/etc/systemd/system/swarmyard-firewall.service <<UNIT
[Unit]
Description=Ports of the swarm
After=ufw.service firewalld.service
Before=docker.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=$folder/boot
[Install]
WantedBy=multi-user.target
UNIT
  systemctl daemon-reload
  systemctl enable --quiet swarmyard-firewall.service
fi
`;

/** Script that no longer lets in the nodes of an earlier firewall. */
export const settleScript = `cat >/dev/null
${functions}[ -s "$folder/leaving" ] || exit 0
others close "$folder/leaving"
rm "$folder/leaving"
if [ -e "$folder/confirmed" ]; then load "$folder/confirmed"; fi
`;

/** Script that says early what a firewall of ours needs. */
export const checkScript = `for tool in iptables iptables-restore; do
  command -v $tool >/dev/null && continue
  echo "$(hostname) has no $tool, which the firewall needs: install the package iptables" >&2
  exit 1
done
`;

/** Script that leaves a machine's firewall as it was before ours. */
export const removeScript = `${functions}rm -f "$folder/pending"
unload
for file in confirmed wanted leaving; do
  if [ -e "$folder/$file" ]; then others close "$folder/$file"; fi
done
if [ -e /etc/systemd/system/swarmyard-firewall.service ]; then
  systemctl disable --quiet swarmyard-firewall.service || true
  rm -f /etc/systemd/system/swarmyard-firewall.service
  systemctl daemon-reload
fi
rm -rf "$folder"
`;
