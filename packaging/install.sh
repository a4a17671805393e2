#!/bin/sh
# Puts the systemd unit and a first config in place, or takes the unit away again.
set -eu
umask 022
# With it, cd may print where it went.
unset CDPATH

here=$(cd -- "$(dirname -- "$0")" && pwd -P)
main=$(dirname "$here")/dist/src/cli/main.js
root=${DESTDIR:-}
unit=$root/etc/systemd/system/tidemark.service
config=$root/etc/tidemark/tidemark.toml

usage() {
  cat <<EOF
Usage: $0 [--uninstall | --help]

Installs the systemd unit of this copy of tidemark:
  $unit
and, if there is none yet, the config (every line of it a comment):
  $config
An existing config is never touched. Nothing is started: the last lines say how.

  --uninstall  stops and removes the service; the config stays
  --help       prints this

With DESTDIR set, everything goes below that folder and systemd is not told.
EOF
}

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  exit "${2:-1}"
}

tell_systemd() {
  if [ -z "$root" ] && [ -d /run/systemd/system ]; then
    systemctl "$@"
  fi
}

is_running() {
  [ -z "$root" ] && [ -d /run/systemd/system ] && systemctl --quiet is-active tidemark.service
}

require_root() {
  [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || fail "Cannot write to /etc: you are not root; run it with sudo" 77
}

# The unit hides home folders and has folders of its own for temporary files, and takes a path as it is: no quoting to get wrong.
require_usable() {
  case $1 in
  /tmp/* | /var/tmp/*)
    fail "Cannot use $1: the service does not see the temporary files of others; install $2 in another folder"
    ;;
  /home/* | /root/* | /run/user/*)
    fail "Cannot use $1: the service does not see home folders; install $2 for the whole system"
    ;;
  *[!A-Za-z0-9/._@+-]*) fail "Cannot use $1: a unit would have to quote its characters; move it to a plain path" ;;
  esac
}

install_all() {
  node=$(command -v node) || fail "Cannot find node: it is not in PATH; install Node 20 or newer" 69
  [ -f "$main" ] || fail "Cannot find $main: tidemark is not built; run npm run build"
  require_usable "$node" node
  require_usable "$(readlink -f "$node")" node
  require_usable "$main" tidemark
  require_root

  mkdir -p "$(dirname "$unit")" "$(dirname "$config")/tidemark.d"
  sed "s|^ExecStart=.*|ExecStart=$node $main run|" "$here/tidemark.service" >"$unit.new"
  chmod 0644 "$unit.new"
  mv "$unit.new" "$unit"
  printf 'Installed %s\n' "$unit"

  if [ -e "$config" ]; then
    printf 'Kept %s; what can be set is in %s\n' "$config" "$here/tidemark.toml"
  else
    install -m 0644 "$here/tidemark.toml" "$config"
    printf 'Installed %s\n' "$config"
  fi

  tell_systemd daemon-reload
  if is_running; then
    printf 'It goes on as it was:  systemctl restart tidemark\n'
    return
  fi
  printf 'See what it would do:  %s %s run --dry-run\n' "$node" "$main"
  printf 'Start it for good:     systemctl enable --now tidemark\n'
}

uninstall() {
  require_root
  if [ ! -e "$unit" ]; then
    printf 'There is no %s\n' "$unit"
    return
  fi
  tell_systemd disable --now tidemark.service
  rm -f "$unit"
  tell_systemd daemon-reload
  printf 'Removed %s; %s stays\n' "$unit" "$(dirname "$config")"
}

[ $# -le 1 ] || {
  usage >&2
  exit 64
}
case ${1:-} in
"") install_all ;;
--uninstall) uninstall ;;
--help | -h) usage ;;
*)
  usage >&2
  exit 64
  ;;
esac
