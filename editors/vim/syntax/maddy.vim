" maddy configurations.
if exists('b:current_syntax')
  finish
endif

" The first word of a line, or of what stands behind the brace that opens a block.
syntax match maddyName /\%(^\|\s{\)\s*\zs[^[:space:]{}"#$(&][^[:space:]{}"]*/
syntax match maddyImport /^\s*\zsimport\ze\%(\s\|$\)/
syntax match maddyMacro /\$([^)[:space:]]\+)/
syntax match maddySnippet /^\s*\zs([^)[:space:]]\+)/
syntax match maddyReference /\s\zs&[^[:space:]{}"#]\+/
syntax match maddyEnvironment /{env:[^}[:space:]]*}/
syntax match maddyNumber /\s\zs[0-9]\+\%(\.[0-9]\+\)\?[a-zA-Z]*\ze\%(\s\|$\)/
syntax match maddyBoolean /\s\zs\%(yes\|no\|true\|false\|on\|off\)\ze\%(\s\|$\)/
syntax match maddyContinuation /\\$/
syntax match maddyBrace /\%(^\|\s\)\zs[{}]\ze\%(\s\|$\)/
syntax region maddyText start=/"/ skip=/\\./ end=/"/ contains=maddyMacro,maddyEnvironment
syntax match maddyComment /\%(^\|[[:space:]"]\)\@1<=#.*$/

highlight default link maddyName Keyword
highlight default link maddyImport Include
highlight default link maddyMacro Constant
highlight default link maddySnippet Function
highlight default link maddyReference Identifier
highlight default link maddyEnvironment PreProc
highlight default link maddyNumber Number
highlight default link maddyBoolean Boolean
highlight default link maddyContinuation Special
highlight default link maddyBrace Delimiter
highlight default link maddyText String
highlight default link maddyComment Comment

let b:current_syntax = 'maddy'
