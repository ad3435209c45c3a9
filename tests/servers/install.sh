#!/bin/bash
# Makes sure that the servers the tests start are installed (Debian). Silent and instant when they are.
set -euo pipefail

has() { # has PROGRAM...: whether one of the names (patterns allowed) is an executable
    local pattern file
    for pattern in "$@"; do
        for file in $pattern; do
            [ -x "$file" ] && return 0
        done
    done
    return 1
}

missing=()
has /usr/lib/dovecot/imap || missing+=(dovecot-imapd)
has /usr/lib/dovecot/lmtp || missing+=(dovecot-lmtpd)
has /usr/sbin/postfix || missing+=(postfix)
has '/usr/lib/postgresql/*/bin/postgres' || missing+=(postgresql)
has /usr/bin/openssl || missing+=(openssl)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests need ${missing[*]}. Install them as root with: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi

# The tests start their own servers: apt must not start any. What stood there before comes back.
policy=/usr/sbin/policy-rc.d
kept=$(mktemp -d)
restore() {
    rm -f "$policy"
    [ ! -e "$kept/policy-rc.d" ] || mv "$kept/policy-rc.d" "$policy"
    rmdir "$kept"
}
[ ! -e "$policy" ] || mv "$policy" "$kept/policy-rc.d"
trap restore EXIT
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
echo "Installing ${missing[*]} for the tests" >&2
apt-get update -qq >&2 &&
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    { echo "apt-get could not install ${missing[*]}: see above" >&2; exit 1; }
