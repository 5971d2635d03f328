(directive body: (block) @class.inside) @class.around
(snippet_declaration body: (block) @function.inside) @function.around
(directive argument: (_) @parameter.inside @parameter.around)
(comment) @comment.inside
(comment)+ @comment.around
