#!/usr/bin/env bash
# postfix.sh start DIR | stop DIR | status DIR
# A private Postfix below DIR with its SMTP server on a free loopback port. Only root may start Postfix.
# What it takes is discarded, but for nobody@, which it refuses, and full@, which it refuses for now.
# Package: postfix (Debian 12: 3.7). The system's configuration and queue are not touched.
# Environment:
#   POSTFIX_SASL_PATH  inet:127.0.0.1:PORT or the path of a socket: asks this Dovecot auth server, and takes no mail without login
#   POSTFIX_RELAYHOST  [127.0.0.1]:PORT: everything goes there instead of nowhere
#   POSTFIX_TLS        CERT:KEY: offers STARTTLS
#   POSTFIX_PORT       fixed port; POSTFIX_INTERFACE: other address of loopback
# DIR/env: SMTP_PORT LOG
set -eu
. "$(dirname "$0")/lib.sh"

postfix_greets() {
    local line=
    exec 3<>"/dev/tcp/$1/$2" || return 1
    IFS= read -r -t 2 line <&3 || true
    exec 3>&-
    case $line in 220*) return 0 ;; esac
    return 1
}

do_start() {
    need postfix postfix
    [ "$(id -u)" = 0 ] || { echo "postfix.sh: only root may start Postfix" >&2; exit 77; }
    local port etc address transport
    port=${POSTFIX_PORT:-$(free_port)}
    address=${POSTFIX_INTERFACE:-127.0.0.1}
    transport=discard
    if [ -n "${POSTFIX_RELAYHOST:-}" ]; then transport=smtp:$POSTFIX_RELAYHOST; fi
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
inet_interfaces = $address
inet_protocols = ipv4
alias_maps =
local_transport = discard
default_transport = $transport
maillog_file = $DIR/postfix.log
maillog_file_prefixes = $DIR
smtpd_recipient_restrictions = check_recipient_access inline:{{nobody@ = 550 5.1.1 No such user here} {full@ = 450 4.2.2 Mailbox full}}
EOF
    if [ -n "${POSTFIX_SASL_PATH:-}" ]; then
        cat >> "$etc/main.cf" <<EOF
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $POSTFIX_SASL_PATH
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
EOF
    else
        printf "mynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions = permit_mynetworks, reject\n" >> "$etc/main.cf"
    fi
    if [ -n "${POSTFIX_TLS:-}" ]; then
        cat >> "$etc/main.cf" <<EOF
smtpd_tls_cert_file = ${POSTFIX_TLS%%:*}
smtpd_tls_key_file = ${POSTFIX_TLS#*:}
smtpd_tls_security_level = may
tls_random_source = dev:/dev/urandom
EOF
    fi
    cat > "$etc/master.cf" <<EOF
$address:$port inet n - n - - smtpd
smtp unix - - n - - smtp
tlsmgr unix - - n 1000? 1 tlsmgr
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
    wait_for "smtp on $address:$port" postfix_greets "$address" "$port"
}

main "$@"
