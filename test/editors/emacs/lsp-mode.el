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

(defun finding (text)
  (cl-some (lambda (file)
             (cl-find-if (lambda (each) (string-match-p (regexp-quote text) (lsp:diagnostic-message each))) file))
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
  (check "finding at its place"
    (let* ((found (wait-for "finding" (lambda () (finding (wanted 'unknownDirective 'text)))))
           (line (1+ (lsp:position-line (lsp:range-start (lsp:diagnostic-range found))))))
      (unless (= line (wanted 'unknownDirective 'at 'line))
        (error "Line %s" line))))
  (check "completion of directives"
    (go-to (wanted 'directiveCompletion 'at))
    (let ((labels (mapcar #'substring-no-properties (all-completions "" (nth 2 (lsp-completion-at-point))))))
      (unless (member (wanted 'directiveCompletion 'label) labels)
        (error "Offered: %s" labels))))
  (check "hover on a directive"
    (must-hold (hover-text (wanted 'directiveHover 'at)) (wanted 'directiveHover 'text)))
  (check "hover on a reference"
    (must-hold (hover-text (wanted 'referenceHover 'at)) (wanted 'referenceHover 'text)))
  (check "definition in an imported file"
    (go-to (wanted 'blockDefinition 'from))
    (let ((found (xref-backend-definitions 'xref-lsp (xref-backend-identifier-at-point 'xref-lsp))))
      (must-hold (xref-location-group (xref-item-location (car found))) (wanted 'blockDefinition 'file))))
  (check "format"
    (lsp-format-buffer)
    (unless (equal (line-text (wanted 'formatted 'at 'line)) (wanted 'formatted 'line))
      (error "%s" (line-text (wanted 'formatted 'at 'line)))))
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
