;;; maddy-mode.el --- Configuration files of the maddy mail server -*- lexical-binding: t -*-

;; Version: 0.2.0
;; Package-Requires: ((emacs "28.1"))
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Comments, colours, indentation, and the language server `maddyc lsp' for eglot and lsp-mode.

;;; Code:

(defgroup maddy nil
  "Configurations of the maddy mail server."
  :group 'languages)

(defvar maddy-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?. "_" table)
    table))

(defvar maddy-font-lock-keywords
  '(("^[ \t]*\\(import\\)\\_>" 1 font-lock-preprocessor-face)
    ("^[ \t]*\\(([^) \t\n]+)\\)" 1 font-lock-function-name-face)
    ("\\$([^) \t\n]+)" 0 font-lock-constant-face t)
    ("{env:[^} \t\n]*}" 0 font-lock-variable-name-face t)
    ("[ \t]\\(&[^ \t\n{}\"#]+\\)" 1 font-lock-variable-name-face)
    ("[ \t]\\(yes\\|no\\|true\\|false\\|on\\|off\\)\\(?:[ \t]\\|$\\)" 1 font-lock-constant-face)
    ("^[ \t]*\\([^ \t\n{}\"#$(&][^ \t\n{}\"]*\\)" 1 font-lock-keyword-face))
  "What is coloured besides comments and texts in quotation marks.")

(defcustom maddy-indent-offset 4
  "Blanks for each level of blocks."
  :type 'natnum
  :group 'maddy)

(defun maddy-indent-line ()
  "Indent the line by the blocks that it is in."
  (interactive)
  (let* ((depth (car (syntax-ppss (line-beginning-position))))
         (closes (save-excursion (back-to-indentation) (eq (char-after) ?})))
         (column (* maddy-indent-offset (max 0 (if closes (1- depth) depth)))))
    (if (<= (current-column) (current-indentation))
        (indent-line-to column)
      (save-excursion (indent-line-to column)))))

(defvar eglot-server-programs)
(defvar lsp-language-id-configuration)
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(declare-function make-lsp-client "lsp-mode")

;;;###autoload
(define-derived-mode maddy-mode prog-mode "maddy"
  "Major mode for the configuration of the maddy mail server."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "#+[ \t]*")
  (setq-local indent-tabs-mode nil)
  (setq-local indent-line-function #'maddy-indent-line)
  (setq-local electric-indent-chars (append '(?}) electric-indent-chars))
  (setq-local font-lock-defaults '(maddy-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\(?:/maddy\\.conf\\|\\.maddy\\)\\'" . maddy-mode))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(maddy-mode "maddyc" "lsp" "--stdio")))

(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(maddy-mode . "maddy"))
  ;; A macro of lsp-mode, which need not be there when this file is compiled.
  (eval '(lsp-register-client
          (make-lsp-client :new-connection (lsp-stdio-connection '("maddyc" "lsp" "--stdio"))
                           :activation-fn (lsp-activate-on "maddy")
                           :server-id 'maddyc))
        t))

(provide 'maddy-mode)
;;; maddy-mode.el ends here
