#!/usr/bin/env bash
# postfix.sh start DIR | stop DIR | status DIR
# A private Postfix below DIR: its SMTP server on a free loopback port, which asks a Dovecot auth server about passwords.
# Mail that it takes is discarded. Only root may start Postfix.
# Package: postfix (Debian 12: 3.7). The system's configuration and queue are not touched.
# Environment: POSTFIX_SASL_PATH  required: inet:127.0.0.1:PORT or the path of a socket
# DIR/env: SMTP_PORT LOG
set -eu
. "$(dirname "$0")/lib.sh"

do_start() {
    need postfix postfix
    [ "$(id -u)" = 0 ] || { echo "postfix.sh: only root may start Postfix" >&2; exit 77; }
    local port etc
    port=$(free_port)
    etc=$DIR/etc
    mkdir -p "$etc" "$DIR/queue" "$DIR/data"
    chown postfix "$DIR/data"
    cat > "$etc/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $DIR/queue
data_directory = $DIR/data
mail_owner = postfix
setgid_group = postdrop
myhostname = postfix.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_transport = discard
default_transport = discard
maillog_file = $DIR/postfix.log
maillog_file_prefixes = $DIR
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${POSTFIX_SASL_PATH:?}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
EOF
    cat > "$etc/master.cf" <<EOF
127.0.0.1:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
discard unix - - n - - discard
postlog unix-dgram n - n - 1 postlogd
EOF
    postfix -c "$etc" start >> "$DIR/start.log" 2>&1 || { cat "$DIR/start.log" >&2; exit 1; }
    tr -d ' ' < "$DIR/queue/pid/master.pid" > "$DIR/master.pid"
    put SMTP_PORT "$port"; put LOG "$DIR/postfix.log"
    wait_for "smtp on $port" tcp_says "$port" 220
}

main "$@"
