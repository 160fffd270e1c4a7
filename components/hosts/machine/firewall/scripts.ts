// cspell:words firewalld noflush prerouting setsid
import type { Script } from "../../../model/script";
import { STATE_FOLDER } from "../engine";
import type { Firewall } from "./rules";

const FOLDER = `${STATE_FOLDER}/firewall`;
const CHAIN = "SWARMYARD";

/** How long rules that nobody confirms stay, in seconds. */
export const CONFIRM_SECONDS = 60;

/** Functions that load and unload a file of rules; they are also what runs after each boot. */
const functions = `folder=${FOLDER}
unload() {
  for tool in iptables ip6tables; do
    command -v $tool >/dev/null || continue
    while $tool -w 5 -t mangle -D PREROUTING -j ${CHAIN} 2>/dev/null; do :; done
    $tool -w 5 -t mangle -F ${CHAIN} 2>/dev/null || true
    $tool -w 5 -t mangle -X ${CHAIN} 2>/dev/null || true
  done
}
chain() {
  command -v "$1" >/dev/null || return 0
  {
    printf '*mangle\\n:${CHAIN} - [0:0]\\n'
    sed -n "s/^$2 /-A ${CHAIN} /p" "$3"
    echo COMMIT
  } | "$1-restore" -w 5 --noflush || return 1
  "$1" -w 5 -t mangle -C PREROUTING -j ${CHAIN} 2>/dev/null || "$1" -w 5 -t mangle -I PREROUTING -j ${CHAIN}
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
  chain iptables 4 "$1" && chain ip6tables 6 "$1" && others open "$1"
}
`;

/**
 * Script that loads a firewall and takes it back a minute later, unless {@link confirmScript} has run by then: over a
 * new connection, which proves that SSH still gets through.
 */
export const applyScript: Script<Firewall> = {
  text: `${functions}mkdir -p "$folder"
chmod 700 "$folder"
cat >"$folder/wanted"
cat >"$folder/rollback" <<'ROLLBACK'
#!/bin/bash
${functions}[ -e "$folder/pending" ] || exit 0
unload
others close "$folder/wanted"
if [ -e "$folder/confirmed" ]; then load "$folder/confirmed"; fi
rm -f "$folder/pending"
ROLLBACK
chmod 700 "$folder/rollback"
touch "$folder/pending"
if [ -d /run/systemd/system ]; then
  systemd-run --quiet --collect --on-active=${CONFIRM_SECONDS} "$folder/rollback"
else
  setsid bash -c "sleep ${CONFIRM_SECONDS}; exec $folder/rollback" </dev/null >/dev/null 2>&1 &
fi
if ! load "$folder/wanted"; then
  "$folder/rollback"
  echo "the firewall's rules could not be loaded; those of before are back" >&2
  exit 1
fi
`,
  stdin: ({ ipv4, ipv6, ufw, firewalld }) =>
    [
      ...ipv4.map((rule) => `4 ${rule}\n`),
      ...ipv6.map((rule) => `6 ${rule}\n`),
      ...ufw.map((words) => `ufw ${words}\n`),
      ...firewalld.map((rule) => `firewalld ${rule}\n`),
    ].join(""),
};

/** Script that keeps the rules of {@link applyScript}, also after a reboot. Run it over a new connection. */
export const confirmScript = `${functions}if [ ! -e "$folder/pending" ]; then
  if cmp -s "$folder/wanted" "$folder/confirmed"; then exit 0; fi
  echo "the firewall's rules were taken back, because nobody confirmed them within ${CONFIRM_SECONDS} seconds" >&2
  exit 1
fi
rm "$folder/pending"
if [ -e "$folder/confirmed" ]; then
  grep -vxFf "$folder/wanted" "$folder/confirmed" >"$folder/gone" || true
  others close "$folder/gone"
  rm "$folder/gone"
fi
cp "$folder/wanted" "$folder/confirmed"
if [ -d /run/systemd/system ]; then
  cat >"$folder/boot" <<'BOOT'
#!/bin/bash
${functions}load "$folder/confirmed"
BOOT
  chmod 700 "$folder/boot"
  cat >/etc/systemd/system/swarmyard-firewall.service <<UNIT
[Unit]
Description=Ports of the swarm
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

/** Script that leaves a machine's firewall as it was before ours. */
export const removeScript = `${functions}rm -f "$folder/pending"
unload
if [ -e "$folder/confirmed" ]; then others close "$folder/confirmed"; fi
if [ -e /etc/systemd/system/swarmyard-firewall.service ]; then
  systemctl disable --quiet swarmyard-firewall.service || true
  rm -f /etc/systemd/system/swarmyard-firewall.service
  systemctl daemon-reload
fi
rm -rf "$folder"
`;
