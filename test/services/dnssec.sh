#!/usr/bin/env bash
# dnssec.sh start DIR | stop DIR | status DIR
# Two BINDs: one has the zones, the other asks it, validates and sets AD. The hosts' certificates are made here.
# Packages: bind9 bind9-utils (Debian 12: 9.18), openssl
#   signed.test           MX mx    127.0.0.2  TLSA 3 1 1 of own.pem
#   wrong.signed.test     MX mx2   127.0.0.3  TLSA 3 1 1 of nothing
#   issued.signed.test    MX mx3   127.0.0.4  TLSA 2 0 1 of the CA of chain.pem
#   usage1.signed.test    MX mx4   127.0.0.5  TLSA 1 1 1 of nothing
#   open.signed.test      MX mx5   127.0.0.6  no TLSA
#   elsewhere.signed.test MX alias.signed.test, a CNAME of mx
#   unsigned.test         MX mx    127.0.0.7  TLSA 3 1 1 of nothing; not signed
#   bogus.test            signed by a key that nobody trusts; half.signed.test has its MX there
# DIR/env: RESOLVER (127.0.0.1:PORT) OWN_CERT OWN_KEY CHAIN_CERT CHAIN_KEY
set -eu
. "$(dirname "$0")/lib.sh"

head_of() { printf '%s 300\n@ IN SOA ns hostmaster 1 3600 600 86400 60\n@ IN NS ns\nns IN A 127.0.0.1\n' "\$TTL"; }

# anchor FILE: a key as a resolver is to trust it
anchor() {
    awk '/DNSKEY/ && !/^;/ { printf "%s static-key %s %s %s \"", $1, $4, $5, $6; for (i = 7; i <= NF; i++) printf "%s", $i; print "\";" }' "$1"
}

# sign ZONE: signs ZONE.zone in place with a new key, and gives that key
sign() {
    local key
    key=$(dnssec-keygen -q -a ECDSAP256SHA256 -f KSK -K "$DIR/zones" "$1" 2>>"$DIR/sign.log")
    (cd "$DIR/zones" && dnssec-signzone -S -z -x -K . -o "$1" -f "$1.signed" "$1.zone") >>"$DIR/sign.log" 2>&1
    mv "$DIR/zones/$1.signed" "$DIR/zones/$1.zone"
    anchor "$DIR/zones/$key.key"
}

certificates() {
    local new="req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    # shellcheck disable=SC2086
    openssl $new -x509 -days 3 -subj /CN=own -addext subjectAltName=DNS:mx.signed.test \
        -keyout "$DIR/own.key" -out "$DIR/own.pem" 2>/dev/null
    # shellcheck disable=SC2086
    openssl $new -x509 -days 3 -subj "/CN=A CA of our own" -addext basicConstraints=critical,CA:TRUE \
        -keyout "$DIR/ca.key" -out "$DIR/ca.pem" 2>/dev/null
    # shellcheck disable=SC2086
    openssl $new -subj /CN=issued -keyout "$DIR/chain.key" -out "$DIR/issued.csr" 2>/dev/null
    printf 'subjectAltName=DNS:mx3.signed.test\nbasicConstraints=CA:FALSE\n' > "$DIR/issued.ext"
    openssl x509 -req -in "$DIR/issued.csr" -CA "$DIR/ca.pem" -CAkey "$DIR/ca.key" -CAcreateserial -days 3 \
        -extfile "$DIR/issued.ext" -out "$DIR/issued.pem" 2>/dev/null
    cat "$DIR/issued.pem" "$DIR/ca.pem" > "$DIR/chain.pem"
}

do_start() {
    need named bind9
    need dnssec-signzone bind9-utils
    local authority resolver own ca nothing anchors zone
    authority=$(free_port); resolver=$(free_port)
    nothing=$(printf '%064d' 0)
    mkdir_owned "$DIR/zones"
    rm -f "$DIR"/zones/*
    certificates
    own=$(openssl x509 -in "$DIR/own.pem" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -c1-64)
    ca=$(openssl x509 -in "$DIR/ca.pem" -outform DER | openssl dgst -sha256 -r | cut -c1-64)
    { head_of; cat <<EOT
@ MX 10 mx
wrong MX 10 mx2
issued MX 10 mx3
usage1 MX 10 mx4
open MX 10 mx5
elsewhere MX 10 alias
half MX 10 mx.bogus.test.
mx A 127.0.0.2
mx2 A 127.0.0.3
mx3 A 127.0.0.4
mx4 A 127.0.0.5
mx5 A 127.0.0.6
alias CNAME mx
_25._tcp.mx TLSA 3 1 1 $own
_25._tcp.mx2 TLSA 3 1 1 $nothing
_25._tcp.mx3 TLSA 2 0 1 $ca
_25._tcp.mx4 TLSA 1 1 1 $nothing
EOT
    } > "$DIR/zones/signed.test.zone"
    for zone in unsigned.test bogus.test; do
        { head_of; printf '@ MX 10 mx\nmx A 127.0.0.7\n_25._tcp.mx TLSA 3 1 1 %s\n' "$nothing"; } > "$DIR/zones/$zone.zone"
    done
    anchors=$(sign signed.test)
    sign bogus.test > /dev/null
    # A key that has signed nothing.
    zone=$(dnssec-keygen -q -a ECDSAP256SHA256 -f KSK -K "$DIR" bogus.test 2>>"$DIR/sign.log")
    anchors="$anchors
$(anchor "$DIR/$zone.key")"
    cat > "$DIR/authority.conf" <<EOT
options {
    directory "$DIR/zones"; pid-file "$DIR/authority.own-pid"; session-keyfile "$DIR/authority.session";
    listen-on port $authority { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no;
};
controls { };
$(for zone in signed.test unsigned.test bogus.test; do echo "zone \"$zone\" { type primary; file \"$zone.zone\"; };"; done)
EOT
    cat > "$DIR/resolver.conf" <<EOT
options {
    directory "$DIR"; pid-file "$DIR/resolver.own-pid"; session-keyfile "$DIR/resolver.session";
    listen-on port $resolver { 127.0.0.1; }; listen-on-v6 { none; }; recursion yes; dnssec-validation yes;
    forward only; forwarders { 127.0.0.1 port $authority; };
};
controls { };
trust-anchors {
$anchors
};
EOT
    give "$DIR"
    spawn authority named -g -c "$DIR/authority.conf"
    spawn resolver named -g -c "$DIR/resolver.conf"
    put RESOLVER "127.0.0.1:$resolver"
    put OWN_CERT "$DIR/own.pem"; put OWN_KEY "$DIR/own.key"; put CHAIN_CERT "$DIR/chain.pem"; put CHAIN_KEY "$DIR/chain.key"
    wait_for "named on $authority" tcp_up "$authority"
    wait_for "named on $resolver" tcp_up "$resolver"
    chmod -R a+rX "$DIR"
    chmod a+r "$DIR"/*.key
}

main "$@"
