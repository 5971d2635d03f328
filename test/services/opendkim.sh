#!/usr/bin/env bash
# opendkim.sh start DIR | stop DIR | status DIR
# OpenDKIM as a milter that verifies all mail, and signs mail of one domain.
# Packages: opendkim (Debian 12: 2.11.0).
# Environment: OPENDKIM_KEY=FILE OPENDKIM_DOMAIN=NAME OPENDKIM_SELECTOR=NAME (what it signs, for clients of OPENDKIM_INTERNAL,
# default none), OPENDKIM_DNS=FILE (lines "NAME TXT-RECORD": the only DNS it knows)
# DIR/env: MILTER_PORT
set -eu
. "$(dirname "$0")/lib.sh"

do_start() {
    need opendkim opendkim
    local port
    port=$(free_port)
    cp "$OPENDKIM_DNS" "$DIR/dns"
    cp "$OPENDKIM_KEY" "$DIR/key"
    echo "${OPENDKIM_INTERNAL:-192.0.2.1}" > "$DIR/internal"
    {
        echo "Socket inet:$port@127.0.0.1"
        echo "Background no"
        echo "Mode sv"
        echo "Domain $OPENDKIM_DOMAIN"
        echo "Selector $OPENDKIM_SELECTOR"
        echo "KeyFile $DIR/key"
        echo "RequireSafeKeys no"
        echo "InternalHosts file:$DIR/internal"
        echo "TestDNSData file:$DIR/dns"
        echo "AuthservID opendkim.test"
        echo "AlwaysAddARHeader yes"
        echo "Syslog no"
        echo "Canonicalization simple/simple"
    } > "$DIR/opendkim.conf"
    give "$DIR"
    spawn opendkim opendkim -f -x "$DIR/opendkim.conf"
    put MILTER_PORT "$port"
    wait_for "milter on $port" tcp_up "$port"
}

main "$@"
