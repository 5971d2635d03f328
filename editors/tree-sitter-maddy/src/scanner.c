// Tokens of maddy's configuration language. A word ends at a blank or at a `#`; what follows a `#` in a word is hidden only
// up to the next blank. Braces have a meaning only as words of their own, and a `}` that is not the last word of its line
// is a word like any other. A backslash as the last word joins the next line.

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"
#include <wctype.h>

enum TokenType {
  LINE_END,
  COMMENT,
  LINE_CONTINUATION,
  OPEN,
  CLOSE,
  IMPORT,
  DIRECTIVE_NAME,
  MACRO_NAME,
  SNIPPET_NAME,
  REFERENCE,
  MACRO_REFERENCE,
  WORD,
  QUOTED_STRING,
};

typedef struct {
  // The next word is the name of a directive.
  bool at_start;
  // The line end to come does not count.
  bool joined;
  // A word has just ended at a `#`.
  bool glued;
} State;

void *tree_sitter_maddy_external_scanner_create(void) {
  State *state = ts_calloc(1, sizeof(State));
  state->at_start = true;
  return state;
}

void tree_sitter_maddy_external_scanner_destroy(void *payload) {
  ts_free(payload);
}

unsigned tree_sitter_maddy_external_scanner_serialize(void *payload, char *buffer) {
  State *state = payload;
  buffer[0] = (char)((state->at_start ? 1 : 0) | (state->joined ? 2 : 0) | (state->glued ? 4 : 0));
  return 1;
}

void tree_sitter_maddy_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  State *state = payload;
  state->at_start = length == 0 || (buffer[0] & 1) != 0;
  state->joined = length > 0 && (buffer[0] & 2) != 0;
  state->glued = length > 0 && (buffer[0] & 4) != 0;
}

// White_Space of Unicode, without what is no blank to maddy.
static bool is_blank(int32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Carriage returns are not there for maddy.
static bool ends_word(int32_t c) {
  return is_blank(c) && c != '\r';
}

static bool take(TSLexer *lexer, enum TokenType type) {
  lexer->result_symbol = type;
  return true;
}

// To the end of the line, or to the next blank.
static bool take_comment(TSLexer *lexer, bool to_blank) {
  while (!lexer->eof(lexer) && lexer->lookahead != '\n' && !(to_blank && ends_word(lexer->lookahead))) {
    lexer->advance(lexer, false);
  }
  lexer->mark_end(lexer);
  return take(lexer, COMMENT);
}

typedef struct {
  int32_t first;
  int32_t second;
  int32_t last;
  unsigned length;
  bool is_import;
} Word;

static const Word no_word = {0, 0, 0, 0, true};

static void add_character(Word *word, int32_t c) {
  static const char import[] = "import";
  if (word->length == 0) word->first = c;
  if (word->length == 1) word->second = c;
  if (word->length >= 6 || c != import[word->length]) word->is_import = false;
  word->last = c;
  word->length += 1;
}

static bool is_character(Word word, int32_t c) {
  return word.length == 1 && word.first == c;
}

// Quote marks leave no trace: "{" is a brace, and "import" imports.
static Word read_quoted(TSLexer *lexer) {
  Word word = no_word;
  bool escaped = false;
  lexer->advance(lexer, false);
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    if (!escaped && c == '"') {
      lexer->advance(lexer, false);
      break;
    }
    if (escaped && c != '"') add_character(&word, '\\');
    if (escaped || c != '\\') add_character(&word, c);
    escaped = !escaped && c == '\\';
    lexer->advance(lexer, false);
  }
  lexer->mark_end(lexer);
  return word;
}

// Up to the blank or `#` that ends it.
static Word read_word(TSLexer *lexer) {
  Word word = no_word;
  while (!lexer->eof(lexer) && lexer->lookahead != '#') {
    int32_t c = lexer->lookahead;
    if (ends_word(c)) break;
    if (c != '\r') add_character(&word, c);
    lexer->advance(lexer, false);
    if (c != '\r') lexer->mark_end(lexer);
  }
  return word;
}

// Looks on, past the end of the token: no other word follows on the line.
static bool is_last(TSLexer *lexer) {
  if (lexer->lookahead == '#') {
    while (!lexer->eof(lexer) && !ends_word(lexer->lookahead)) lexer->advance(lexer, false);
  }
  while (!lexer->eof(lexer) && lexer->lookahead != '\n' && is_blank(lexer->lookahead)) lexer->advance(lexer, false);
  return lexer->eof(lexer) || lexer->lookahead == '\n' || lexer->lookahead == '#';
}

static enum TokenType argument_type(Word word) {
  if (word.first == '&' && word.length > 1) return REFERENCE;
  if (word.first == '$' && word.second == '(' && word.last == ')') return MACRO_REFERENCE;
  return WORD;
}

static enum TokenType name_type(Word word) {
  if (word.is_import && word.length == 6) return IMPORT;
  if (word.first == '$' && word.second == '(') return MACRO_NAME;
  if (word.first == '(' && word.last == ')' && word.length > 1) return SNIPPET_NAME;
  return DIRECTIVE_NAME;
}

bool tree_sitter_maddy_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  State *state = payload;
  if (lexer->lookahead != '#') state->glued = false;
  for (;;) {
    if (lexer->eof(lexer)) {
      if (!valid[LINE_END] || state->at_start) return false;
      state->at_start = true;
      lexer->mark_end(lexer);
      return take(lexer, LINE_END);
    }
    if (!is_blank(lexer->lookahead)) break;
    bool ends_line = lexer->lookahead == '\n' && !state->joined && !state->at_start;
    if (ends_line && !valid[LINE_END]) return false;
    lexer->advance(lexer, !ends_line);
    if (ends_line) {
      state->at_start = true;
      lexer->mark_end(lexer);
      return take(lexer, LINE_END);
    }
  }

  if (lexer->lookahead == '#') {
    bool glued = state->glued;
    state->glued = false;
    return take_comment(lexer, glued);
  }

  bool quoted = lexer->lookahead == '"';
  Word word = quoted ? read_quoted(lexer) : read_word(lexer);
  if (word.length == 0 && !quoted) return false;
  state->glued = !quoted && lexer->lookahead == '#';
  if (is_character(word, '\\') && !state->at_start && is_last(lexer)) {
    state->joined = true;
    return take(lexer, LINE_CONTINUATION);
  }
  state->joined = false;
  if (is_character(word, '{')) {
    if (!valid[OPEN]) return false;
    state->at_start = true;
    return take(lexer, OPEN);
  }
  if (is_character(word, '}') && (state->at_start || is_last(lexer))) {
    if (!valid[CLOSE]) return false;
    state->at_start = false;
    return take(lexer, CLOSE);
  }
  enum TokenType type = state->at_start ? name_type(word) : argument_type(word);
  state->at_start = false;
  bool is_plain = type == DIRECTIVE_NAME || type == WORD || type == REFERENCE;
  return take(lexer, quoted && is_plain ? QUOTED_STRING : type);
}
