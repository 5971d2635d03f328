(comment) @comment
(line_continuation) @punctuation.special
["{" "}"] @punctuation.bracket

; Values first: what stands below wins in editors that take the last match, and is more exact where the first one counts.
(word) @string
(quoted_string) @string
((word) @number (#match? @number "^[0-9]+([.][0-9]+)?([a-zA-Z]+)?$"))
((word) @boolean (#match? @boolean "^(yes|no|true|false|on|off|1|0)$"))
((word) @string.special (#match? @string.special "^[a-z][a-z0-9+.-]*://"))
((word) @variable.builtin (#match? @variable.builtin "[{]env:"))
((quoted_string) @variable.builtin (#match? @variable.builtin "[{]env:"))
((word) @operator (#eq? @operator "="))

(reference) @variable
(macro_reference) @constant
(macro_declaration name: (macro_name) @constant)
(snippet_declaration name: (snippet_name) @function)
(import path: (word) @function)
"import" @keyword

(directive name: (quoted_string) @property)
(block (directive name: (directive_name) @property))
(source_file (directive name: (directive_name) @keyword))
