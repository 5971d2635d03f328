" maddy configurations: comments, and blocks of four blanks.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s comments=:#
setlocal expandtab shiftwidth=4 softtabstop=4
" What is written as one word: names of modules with their dot, and paths of files that are imported.
setlocal iskeyword+=-,.
if executable('maddyc')
  setlocal formatprg=maddyc\ fmt\ --quiet\ -
endif

let b:undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< iskeyword< formatprg<'
