;;; -*- lexical-binding: t -*-
;; Emacs 28 or newer with lsp-mode as a client of the server, set up by its page. Run by ../external-editors.ts:
;;   SETUP=… FOLDER=… EXPECTED=… RESULT=… emacs -q --batch -l lsp-mode.el
;; Writes {"checks": [{"name", "fault", "milliseconds"}], "figures": {}}.
(load (expand-file-name "checks.el" (file-name-directory load-file-name)))
(require 'lsp-mode)
(require 'lsp-completion)

(setq lsp-session-file (expand-file-name "lsp-session" (getenv "HOME"))
      lsp-restart 'ignore
      lsp-enable-suggest-server-download nil
      lsp-diagnostics-provider :none
      lsp-enable-file-watchers nil)
(load (getenv "SETUP"))
;; It waits until the buffer is shown.
(remove-hook 'maddy-mode-hook #'lsp-deferred)

(defun finding-line (text)
  (cl-some (lambda (file)
             (when-let ((found (cl-find-if (lambda (each) (string-match-p (regexp-quote text) (lsp:diagnostic-message each)))
                                           file)))
               (1+ (lsp:position-line (lsp:range-start (lsp:diagnostic-range found))))))
           (hash-table-values (lsp-diagnostics t))))

(defun hover-text (place)
  (go-to place)
  (let ((answer (lsp-request "textDocument/hover" (lsp--text-document-position-params))))
    (lsp--render-on-hover-content (lsp:hover-contents answer) t)))

(defun run-all ()
  (check-mode)
  ;; What a user answers to its first question.
  (lsp-workspace-folders-add (directory-file-name (getenv "FOLDER")))
  (lsp)
  (check "the server is started"
    (wait-for "initialize" (lambda () (cl-some (lambda (each) (eq (lsp--workspace-status each) 'initialized)) (lsp-workspaces)))))
  (check-language #'lsp-completion-at-point 'xref-lsp #'lsp-format-buffer)
  (check "rename"
    (go-to (wanted 'formatted 'at))
    (end-of-line)
    (backward-char 3)
    (lsp-rename "inboxes")
    (must-hold (line-text (wanted 'formatted 'at 'line)) "&inboxes"))
  (set-buffer-modified-p nil))

(check-all #'run-all)
(ignore-errors (mapc #'lsp-workspace-shutdown (lsp-workspaces)))
(kill-emacs 0)
