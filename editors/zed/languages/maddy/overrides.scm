; Where brackets of config.toml are not closed.
(comment) @comment.inclusive
(quoted_string) @string
