-- For Neovim 0.11 or newer: vim.lsp.enable('maddy') starts the server for files of the type maddy.
return {
  cmd = { 'maddyc', 'lsp', '--stdio' },
  filetypes = { 'maddy' },
  root_markers = { 'maddyc.json', 'maddy.conf', '.git' },
}
