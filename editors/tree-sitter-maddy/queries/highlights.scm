; Each word has one colour: some editors take the first pattern that matches, others the last.
(comment) @comment
(line_continuation) @punctuation.special
["{" "}"] @punctuation.bracket

(directive name: (quoted_string) @property)
(block (directive name: (directive_name) @property))
(source_file (directive name: (directive_name) @keyword))
(macro_declaration name: (macro_name) @constant)
(snippet_declaration name: (snippet_name) @function)
"import" @keyword.import
(import path: (word) @function)
(import path: (quoted_string) @string)

(reference) @variable
(macro_reference) @constant

([(_ argument: (word) @number) (_ value: (word) @number)]
  (#match? @number "^[0-9]+([.][0-9]+)?[a-zA-Z]*$"))
([(_ argument: (word) @boolean) (_ value: (word) @boolean)]
  (#match? @boolean "^(yes|no|true|false|on|off)$"))
([(_ argument: (word) @string.special.url) (_ value: (word) @string.special.url)]
  (#match? @string.special.url "^[a-z][a-z0-9+.-]*://"))
([(_ argument: (word) @variable.builtin) (_ value: (word) @variable.builtin)]
  (#match? @variable.builtin "[{]env:")
  (#not-match? @variable.builtin "^[a-z][a-z0-9+.-]*://"))
((macro_declaration value: (word) @operator)
  (#eq? @operator "="))
([(_ argument: (word) @string) (_ value: (word) @string)]
  (#not-match? @string "^([0-9]+([.][0-9]+)?[a-zA-Z]*|yes|no|true|false|on|off|[=])$|^[a-z][a-z0-9+.-]*://|[{]env:"))
([(_ argument: (quoted_string) @variable.builtin) (_ value: (quoted_string) @variable.builtin)]
  (#match? @variable.builtin "[{]env:"))
([(_ argument: (quoted_string) @string) (_ value: (quoted_string) @string)]
  (#not-match? @string "[{]env:"))
