/** Mailboxes and logins of maddy itself: what moves to Dovecot. */
export const withImap = `storage.imapsql boxes {
    driver sqlite3
    dsn imapsql.db
}
auth.pass_table users {
    table file /etc/maddy/users
}
hostname mx.example.org
tls off
imap tcp://127.0.0.1:143 {
    auth &users
    storage &boxes
}
smtp tcp://127.0.0.1:25 {
    deliver_to &boxes
}
`;
