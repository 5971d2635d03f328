(source_file) @local.scope
(macro_declaration name: (macro_name) @local.definition)
(snippet_declaration name: (snippet_name) @local.definition)
(macro_reference) @local.reference
(import path: (word) @local.reference)
