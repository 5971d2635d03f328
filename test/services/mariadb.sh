#!/usr/bin/env bash
# mariadb.sh start DIR | stop DIR | status DIR
# MariaDB on a unix socket and a loopback port, database "test", user "maddy" with the password "p@ss:w/rd (1)".
# Packages: mariadb-server-core, mariadb-client-core (Debian 12: 10.11). The server refuses to run as root: as root it runs as $SVC_USER.
# Environment: MARIADB_PORT keep a port; MARIADB_SSL=CERT:KEY offer TLS with these files
# DIR/env: MARIADB_SOCKET MARIADB_PORT MARIADB_USER MARIADB_PASSWORD MARIADB_DATABASE MARIADB_PID
set -eu
. "$(dirname "$0")/lib.sh"

do_start() {
    local port tls=()
    need mariadbd mariadb-server-core
    need mariadb mariadb-client-core
    port=${MARIADB_PORT:-$(free_port)}
    check_path "$DIR/s/db.sock"
    mkdir_owned "$DIR/s" "$DIR/tmp"
    if [ ! -d "$DIR/data/mysql" ]; then
        mkdir_owned "$DIR/data"
        as_user mariadb-install-db --no-defaults --datadir="$DIR/data" --tmpdir="$DIR/tmp" --auth-root-authentication-method=normal \
            --skip-test-db >"$DIR/install.log" 2>&1 || { tail "$DIR/install.log" >&2; exit 1; }
    fi
    if [ -n "${MARIADB_SSL:-}" ]; then tls=("--ssl-cert=${MARIADB_SSL%%:*}" "--ssl-key=${MARIADB_SSL#*:}"); fi
    spawn mariadb mariadbd --no-defaults --datadir="$DIR/data" --tmpdir="$DIR/tmp" --socket="$DIR/s/db.sock" --port="$port" \
        --bind-address=127.0.0.1 --skip-name-resolve --max-connections=40 --innodb-buffer-pool-size=16M \
        --innodb-flush-log-at-trx-commit=0 "${tls[@]}"
    put MARIADB_SOCKET "$DIR/s/db.sock"; put MARIADB_PORT "$port"; put MARIADB_DATABASE test
    put MARIADB_USER maddy; put MARIADB_PASSWORD 'p@ss:w/rd (1)'
    put MARIADB_PID "$(cat "$DIR/mariadb.pid")"
    wait_for mariadb ask 'SELECT 1'
    ask "CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4;
        CREATE USER IF NOT EXISTS maddy@'%' IDENTIFIED BY 'p@ss:w/rd (1)'; GRANT ALL ON test.* TO maddy@'%'"
}
ask() { mariadb --no-defaults -S "$DIR/s/db.sock" -u root -e "$1"; }

main "$@"
