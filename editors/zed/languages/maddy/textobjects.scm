(directive body: (block "{" (_)* @class.inside "}")) @class.around
(snippet_declaration body: (block "{" (_)* @function.inside "}")) @function.around
(comment)+ @comment.around
