#!/usr/bin/env bash
# rspamd.sh start DIR | stop DIR | status DIR
# rspamd without network: scan worker (POST /checkv2) on a loopback port and a milter proxy on a unix socket.
# Package: rspamd (Debian 12: 3.4). No Redis needed.
# The verdict is chosen by the Subject:
#   x-test-add-header  "add header" (score 7)        x-test-greylist     "greylist" (score 5)
#   x-test-rewrite     "rewrite subject" (score 9)   x-test-reject       "reject" (score 20)
#   x-test-soft-reject "soft reject", message "Try again later"
# Anything else is "no action", score 0; the GTUBE string gives "reject". Starts in about 0.3 s.
# DIR/env: RSPAMD_PORT RSPAMD_URL RSPAMD_SOCKET MILTER_SOCKET
set -eu
. "$(dirname "$0")/lib.sh"

do_start() {
    need rspamd rspamd
    local p
    p=$(free_port)
    check_path "$DIR/milter.sock"
    mkdir_owned "$DIR/etc" "$DIR/db" "$DIR/run"
    config "$p"; give "$DIR"
    spawn rspamd rspamd -f -c "$DIR/etc/rspamd.conf"
    put RSPAMD_PORT "$p"; put RSPAMD_URL "http://127.0.0.1:$p"; put RSPAMD_SOCKET "$DIR/http.sock"; put MILTER_SOCKET "$DIR/milter.sock"
    wait_for "scan worker on $p" tcp_up "$p"
    wait_for "milter socket" test -S "$DIR/milter.sock"
    wait_for "ping" http_ping "$p"
}

config() {
    # a short public suffix list: compiling the full one into a pattern set costs 8 s
    printf 'com\norg\nnet\ntest\nexample\ninvalid\n' > "$DIR/etc/tld.dat"
    cat > "$DIR/etc/rules.lua" <<'EOF'
rspamd_config:register_symbol({
  name = 'TEST_SOFT_REJECT', type = 'prefilter', priority = 10,
  callback = function(task)
    local s = task:get_header('Subject') or ''
    if s:find('x-test-soft-reject', 1, true) then
      task:set_pre_result('soft reject', 'Try again later', 'test')
    end
  end,
})
EOF
    cat > "$DIR/etc/rspamd.conf" <<EOF
options {
  filters = "regexp";
  pidfile = "$DIR/run/own.pid";
  dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; }
  hs_cache_dir = "$DIR/db";
  tempdir = "$DIR/db";
  url_tld = "$DIR/etc/tld.dat";
  disable_hyperscan = true;
}
lua = "$DIR/etc/rules.lua";
logging { type = "console"; level = "notice"; }
actions { reject = 15; rewrite_subject = 8; add_header = 6; greylist = 4; subject = "*** SPAM *** %s"; }
regexp {
  TEST_GREYLIST { re = "Subject=/x-test-greylist/iH"; score = 5.0; }
  TEST_ADD_HEADER { re = "Subject=/x-test-add-header/iH"; score = 7.0; }
  TEST_REWRITE { re = "Subject=/x-test-rewrite/iH"; score = 9.0; }
  TEST_REJECT { re = "Subject=/x-test-reject/iH"; score = 20.0; }
}
worker "normal" { bind_socket = "127.0.0.1:$1"; bind_socket = "$DIR/http.sock mode=0666"; count = 1; }
worker "rspamd_proxy" {
  bind_socket = "$DIR/milter.sock mode=0666"; milter = yes; count = 1; timeout = 10s;
  upstream "local" { default = yes; self_scan = yes; }
}
EOF
}

http_ping() {
    local l=
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /ping HTTP/1.0\r\n\r\n' >&3
    IFS= read -r -t 2 l <&3 || true
    exec 3>&-
    case $l in *200*) return 0 ;; esac
    return 1
}

main "$@"
