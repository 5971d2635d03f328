" Files of the maddy mail server's configuration.
autocmd BufRead,BufNewFile maddy.conf,*.maddy setfiletype maddy
