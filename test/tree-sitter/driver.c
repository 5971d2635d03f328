// Parses texts with the committed parser and prints the tree of each, for comparison with maddyc's own.
// Arguments: query files, which must name only what the grammar has.
// Standard input: for each text its length in bytes as a decimal line, then its bytes.
// Output: for each text a line per named node, `DEPTH KIND START END`, then an empty line; offsets are in bytes.
#include <stdio.h>
#include <stdlib.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_maddy(void);

static void print_nodes(TSNode node, int depth) {
  if (ts_node_is_named(node) || ts_node_is_missing(node)) {
    const char *kind = ts_node_is_missing(node) ? "MISSING" : ts_node_type(node);
    printf("%d %s %u %u\n", depth, kind, ts_node_start_byte(node), ts_node_end_byte(node));
  }
  uint32_t count = ts_node_child_count(node);
  for (uint32_t i = 0; i < count; i++) print_nodes(ts_node_child(node, i), depth + 1);
}

static int check_query(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return 1;
  static char text[1 << 16];
  size_t length = fread(text, 1, sizeof text, file);
  fclose(file);
  uint32_t offset;
  TSQueryError error;
  TSQuery *query = ts_query_new(tree_sitter_maddy(), text, (uint32_t)length, &offset, &error);
  if (query == NULL) {
    fprintf(stderr, "%s: error %d at byte %u\n", path, (int)error, offset);
    return 1;
  }
  ts_query_delete(query);
  return 0;
}

int main(int count, char **paths) {
  for (int i = 1; i < count; i++) {
    if (check_query(paths[i]) != 0) return 1;
  }
  TSParser *parser = ts_parser_new();
  if (!ts_parser_set_language(parser, tree_sitter_maddy())) {
    fputs("the parser was made for another version of tree-sitter\n", stderr);
    return 1;
  }
  unsigned length;
  while (scanf("%u", &length) == 1) {
    getchar();
    char *text = malloc(length + 1);
    if (text == NULL || fread(text, 1, length, stdin) != length) return 1;
    TSTree *tree = ts_parser_parse_string(parser, NULL, text, length);
    print_nodes(ts_tree_root_node(tree), 0);
    putchar('\n');
    ts_tree_delete(tree);
    free(text);
  }
  ts_parser_delete(parser);
  return 0;
}
