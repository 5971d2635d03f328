" The language server of maddyc, for ALE.
call ale#Set('maddy_maddyc_executable', 'maddyc')

function! ale_linters#maddy#maddyc#Root(buffer) abort
  let l:settings = ale#path#FindNearestFile(a:buffer, 'maddyc.json')
  return fnamemodify(empty(l:settings) ? bufname(a:buffer) : l:settings, ':p:h')
endfunction

call ale#linter#Define('maddy', {
\   'name': 'maddyc',
\   'lsp': 'stdio',
\   'language': 'maddy',
\   'executable': {buffer -> ale#Var(buffer, 'maddy_maddyc_executable')},
\   'command': '%e lsp --stdio',
\   'initialization_options': {'completion': 'words'},
\   'project_root': function('ale_linters#maddy#maddyc#Root'),
\})
