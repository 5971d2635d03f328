/**
 * maddy configurations for tree-sitter. All tokens come from src/scanner.c: what a `#`, a brace or a quote mark is depends
 * on whether it stands alone, at the start of a word, or in it.
 */
module.exports = grammar({
  name: 'maddy',

  externals: ($) => [
    $._line_end,
    $.comment,
    $.line_continuation,
    '{',
    '}',
    'import',
    $.directive_name,
    $.macro_name,
    $.snippet_name,
    $.reference,
    $.macro_reference,
    $.word,
    $.quoted_string,
  ],

  // Blanks between words are the scanner's, too; what is left for this is blank text at the end.
  extras: ($) => [/\s/, $.comment, $.line_continuation],

  inline: ($) => [$._name, $._argument],

  rules: {
    source_file: ($) => repeat(seq(choice($._line, $._block_line), $._line_end)),

    // What ends with a block needs a line end before anything else, also before the brace that closes the block around it.
    _line: ($) => choice($.directive, $.import, $.macro_declaration, alias($._bare_snippet, $.snippet_declaration)),
    _block_line: ($) =>
      choice(
        alias($._directive_with_block, $.directive),
        alias($._import_with_block, $.import),
        alias($._macro_with_block, $.macro_declaration),
        $.snippet_declaration,
      ),

    directive: ($) => seq(field('name', $._name), repeat(field('argument', $._argument))),
    _directive_with_block: ($) =>
      seq(field('name', $._name), repeat(field('argument', $._argument)), field('body', $.block)),

    import: ($) => seq('import', repeat(field('path', $._argument))),
    _import_with_block: ($) => seq('import', repeat(field('path', $._argument)), field('body', $.block)),

    macro_declaration: ($) => seq(field('name', $.macro_name), repeat(field('value', $._argument))),
    _macro_with_block: ($) =>
      seq(field('name', $.macro_name), repeat(field('value', $._argument)), field('body', $.block)),

    _bare_snippet: ($) => seq(field('name', $.snippet_name), repeat(field('argument', $._argument))),
    snippet_declaration: ($) =>
      seq(field('name', $.snippet_name), repeat(field('argument', $._argument)), field('body', $.block)),

    block: ($) => seq('{', repeat(seq(choice($._line, $._block_line), $._line_end)), optional($._line), '}'),

    _name: ($) => choice($.directive_name, $.quoted_string),
    _argument: ($) => choice($.word, $.quoted_string, $.reference, $.macro_reference),
  },
});
