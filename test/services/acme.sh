#!/usr/bin/env bash
# acme.sh start DIR | stop DIR | status DIR
# A test CA (Pebble) and the name server that it asks (BIND): zone example.test, which takes dynamic updates by TSIG.
# Packages: pebble bind9 (Debian 12: 2.4.0, 9.18); openssl makes the certificate of the CA's own HTTPS.
# Environment: TSIG_ALGORITHM (default hmac-sha256)
# DIR/env: ACME_URL ACME_CA (PEM that HTTPS clients must trust) DNS_PORT TSIG_NAME TSIG_KEY
set -eu
. "$(dirname "$0")/lib.sh"

do_start() {
    need pebble pebble
    need named bind9
    local dns acme management key
    dns=$(free_port); acme=$(free_port); management=$(free_port)
    key=$(head -c 32 /dev/urandom | base64)
    mkdir_owned "$DIR/zones"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$DIR/ca.key" -out "$DIR/ca.pem" 2>/dev/null
    cat > "$DIR/named.conf" <<EOT
key "update" { algorithm ${TSIG_ALGORITHM:-hmac-sha256}; secret "$key"; };
options {
    directory "$DIR/zones";
    pid-file "$DIR/named.own-pid";
    session-keyfile "$DIR/session.key";
    listen-on port $dns { 127.0.0.1; };
    listen-on-v6 { none; };
    recursion no;
    dnssec-validation no;
};
controls { };
zone "example.test" { type primary; file "example.test.zone"; update-policy { grant update zonesub TXT; }; };
EOT
    cat > "$DIR/zones/example.test.zone" <<'EOT'
$TTL 60
@ IN SOA ns hostmaster 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
mx IN A 127.0.0.1
EOT
    cat > "$DIR/pebble.json" <<EOT
{ "pebble": { "listenAddress": "127.0.0.1:$acme", "managementListenAddress": "127.0.0.1:$management",
  "certificate": "$DIR/ca.pem", "privateKey": "$DIR/ca.key", "httpPort": 1, "tlsPort": 1 } }
EOT
    give "$DIR"
    spawn named named -g -c "$DIR/named.conf"
    # No random sleeps before a validation and no refused nonces: those are for tests of clients of ACME.
    PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 spawn pebble pebble -config "$DIR/pebble.json" -dnsserver "127.0.0.1:$dns"
    put ACME_URL "https://127.0.0.1:$acme/dir"; put ACME_CA "$DIR/ca.pem"; put DNS_PORT "$dns"
    put TSIG_NAME update; put TSIG_KEY "$key"
    wait_for "named on $dns" tcp_up "$dns"
    wait_for "pebble on $acme" tcp_up "$acme"
}

main "$@"
