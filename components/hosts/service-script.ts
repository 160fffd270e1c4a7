/**
 * Shell function for scripts that start services: `service_action restart docker`. It takes systemd
 * where it runs and the init scripts of the packages where it does not.
 */
export const serviceAction = `service_action() {
  if [ -d /run/systemd/system ]; then systemctl "$1" "$2"; else service "$2" "$1"; fi
}`;
