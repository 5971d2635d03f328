;;; maddy-mode.el --- Configuration files of the maddy mail server -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Comments, and the language server `maddyc lsp' for eglot.

;;; Code:

(defvar maddy-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?. "_" table)
    table))

(defvar eglot-server-programs)

;;;###autoload
(define-derived-mode maddy-mode prog-mode "maddy"
  "Major mode for the configuration of the maddy mail server."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "#+[ \t]*")
  (setq-local indent-tabs-mode nil))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\(?:/maddy\\.conf\\|\\.maddy\\)\\'" . maddy-mode))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(maddy-mode "maddyc" "lsp" "--stdio")))

(provide 'maddy-mode)
;;; maddy-mode.el ends here
