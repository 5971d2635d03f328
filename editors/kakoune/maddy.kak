# Configurations of the maddy mail server: file type, colours, and the language server for kak-lsp.

hook global BufCreate .*(/maddy\.conf|\.maddy) %{
    set-option buffer filetype maddy
}

add-highlighter shared/maddy regions
add-highlighter shared/maddy/comment region (^|\h|")\K# $ fill comment
add-highlighter shared/maddy/text region '"' (?<!\\)(\\\\)*" group
add-highlighter shared/maddy/text/ fill string
add-highlighter shared/maddy/text/ regex '\$\([^)\s]+\)|\{env:[^}\s]*\}' 0:variable
add-highlighter shared/maddy/code default-region group
add-highlighter shared/maddy/code/ regex '(^|\h\{)\h*([^\s{}"#$(&][^\s{}"]*)' 2:keyword
add-highlighter shared/maddy/code/ regex '^\h*(import)(?!\S)' 1:meta
add-highlighter shared/maddy/code/ regex '^\h*(\([^)\s]+\))' 1:function
add-highlighter shared/maddy/code/ regex '(?<=\s)&[^\s{}"#]+|\{env:[^}\s]*\}' 0:variable
add-highlighter shared/maddy/code/ regex '\$\([^)\s]+\)' 0:variable
add-highlighter shared/maddy/code/ regex '(?<=\s)(\d+(\.\d+)?[a-zA-Z]*|yes|no|true|false|on|off)(?!\S)' 0:value
add-highlighter shared/maddy/code/ regex '(?<!\S)[{}](?!\S)' 0:operator

hook global WinSetOption filetype=maddy %{
    add-highlighter window/maddy ref maddy
    set-option buffer comment_line '#'
    set-option window indentwidth 4
    hook -once -always window WinSetOption filetype=.* %{ remove-highlighter window/maddy }
}

# Without kak-lsp there are the colours alone.
try %{
    declare-option -hidden str lsp_servers
}
hook -group lsp-filetype-maddy global BufSetOption filetype=maddy %{
    set-option buffer lsp_servers %{
        [maddyc]
        command = "maddyc"
        args = ["lsp", "--stdio"]
        root_globs = ["maddyc.json", "maddy.conf", ".git"]
    }
}
