(directive name: (_) @name argument: (_)* @context body: (block)) @item
(snippet_declaration name: (snippet_name) @name) @item
(macro_declaration name: (macro_name) @name) @item
